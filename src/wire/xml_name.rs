use std::borrow::Cow;

/// A text as a name without a colon (Namespaces in XML §3): each character that can't be where it
/// stands is written `_xHHHH_`, its code point in hexadecimal, as SQL/XML does (ISO 9075-14 §9.1).
pub fn to_xml_name(text: &str) -> Cow<'_, str> {
    let stays = |(index, c): (usize, char)| {
        let rest = &text[index..];
        let is_escape = c == '_' && escaped(rest).is_some();
        !is_escape && (is_start(c) || index > 0 && is_inner(c))
    };
    if !text.is_empty() && text.char_indices().all(stays) {
        return Cow::Borrowed(text);
    }
    if text.is_empty() {
        return Cow::Borrowed("_");
    }
    let mut name = String::with_capacity(text.len() + 8);
    for (index, c) in text.char_indices() {
        match stays((index, c)) {
            true => name.push(c),
            false => name.push_str(&format!("_x{:04X}_", u32::from(c))),
        }
    }
    Cow::Owned(name)
}

/// The text that a name was made of by [`to_xml_name`]; other names as they are.
pub fn from_xml_name(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        let (taken, length) = escaped(rest).unwrap_or((c, c.len_utf8()));
        text.push(taken);
        rest = &rest[length..];
    }
    text
}

/// The character that an escape at the start of a text stands for, and the length of the escape.
fn escaped(text: &str) -> Option<(char, usize)> {
    let (digits, _) = text.strip_prefix("_x")?.split_once('_')?;
    let is_hexadecimal = digits.bytes().all(|b| b.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, 16).ok();
    let code = code.filter(|_| (4..=6).contains(&digits.len()) && is_hexadecimal);
    Some((char::from_u32(code?)?, digits.len() + 3))
}

/// XML 1.0 §2.3, without the colon.
fn is_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}'
        | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

fn is_inner(c: char) -> bool {
    is_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}'
            | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_makes_a_name_and_comes_back() {
        for (text, name) in [
            ("pet-1", "pet-1"),
            ("été", "été"),
            ("1st", "_x0031_st"),
            ("a b", "a_x0020_b"),
            ("a:b<", "a_x003A_b_x003C_"),
            ("_x0031_", "_x005F_x0031_"),
            ("_x", "_x"),
            ("\u{1f600}\u{0}", "\u{1f600}_x0000_"),
            ("-", "_x002D_"),
        ] {
            assert_eq!(to_xml_name(text), name);
            assert_eq!(from_xml_name(name), text);
        }
        assert_eq!(from_xml_name("_xZZZZ_ _x0031"), "_xZZZZ_ _x0031");
    }
}
