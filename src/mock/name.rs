//! Names however they are written: `pageSize`, `page_size`, `page-size`, `$pageSize`, `page[size]`.

/// The words of a name, in lower case.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for character in name.chars() {
        let starts = !before.is_alphanumeric() || before.is_lowercase() && character.is_uppercase();
        if character.is_alphanumeric() {
            if starts {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
        }
        before = character;
    }
    words
}

/// The words that say that a name is one of an id, whatever type that has.
pub const IDS: [&str; 5] = ["id", "uuid", "guid", "key", "number"];

/// Whether a name, however it is written, is another that is [`plain`].
pub fn is_called(name: &str, known: &str) -> bool {
    if !name.is_ascii() {
        return plain(name) == known;
    }
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
    let letters = letters.map(|letter| letter.to_ascii_lowercase());
    letters.eq(known.bytes())
}

/// A name as nothing but its letters and digits, in lower case.
pub fn plain(name: &str) -> String {
    let letters = name.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        for name in [
            "pageSize",
            "page_size",
            "PageSize",
            "page-size",
            "$page.size",
            "page[size]",
        ] {
            assert_eq!(plain(name), "pagesize", "{name}");
            assert_eq!(words(name), ["page", "size"], "{name}");
        }
        assert_eq!(words("price__gte"), ["price", "gte"]);
        assert_eq!(words("ÄnderungAm"), ["änderung", "am"]);
    }
}
