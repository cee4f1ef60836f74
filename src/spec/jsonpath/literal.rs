//! The literals of a query: texts in quotes (RFC 9535 §2.3.1.1) and numbers.

use super::PathFault;
use super::parse::Parser;
use serde_json::Value;

/// Beyond it a number is no integer of I-JSON (§2.1).
const LARGEST: i64 = (1 << 53) - 1;

pub(super) fn quoted(parser: &mut Parser) -> Result<String, PathFault> {
    let quote = parser.next().unwrap_or('\'');
    let mut text = String::new();
    loop {
        let start = parser.at;
        match parser.next() {
            None => return Err(parser.fault("this text isn't closed")),
            Some(c) if c == quote => return Ok(text),
            Some('\\') => match escaped(parser, quote) {
                Some(c) => text.push(c),
                None => {
                    parser.at = start;
                    return Err(parser.fault("there is no such escape"));
                }
            },
            Some(c) if c < ' ' => {
                parser.at = start;
                return Err(parser.fault("a control character is written as an escape"));
            }
            Some(c) => text.push(c),
        }
    }
}

fn escaped(parser: &mut Parser, quote: char) -> Option<char> {
    Some(match parser.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        c @ ('/' | '\\') => c,
        c if c == quote => c,
        'u' => {
            let first = four_digits(parser)?;
            match first {
                0xd800..0xdc00 => {
                    let second = match parser.takes("\\u") {
                        true => four_digits(parser)?,
                        false => return None,
                    };
                    let low = (0xdc00..0xe000)
                        .contains(&second)
                        .then(|| second - 0xdc00)?;
                    char::from_u32(0x10000 + ((first - 0xd800) << 10) + low)?
                }
                code => char::from_u32(code)?,
            }
        }
        _ => return None,
    })
}

fn four_digits(parser: &mut Parser) -> Option<u32> {
    (0..4).try_fold(0, |code, _| Some(code * 16 + parser.next()?.to_digit(16)?))
}

/// An integer without a leading zero, and no `-0`.
pub(super) fn integer(parser: &mut Parser) -> Result<i64, PathFault> {
    let start = parser.at;
    let text = digits(parser)?;
    match text.parse() {
        Ok(number) if (-LARGEST..=LARGEST).contains(&number) && text != "-0" => Ok(number),
        _ => {
            parser.at = start;
            Err(parser.fault("this number can't be an index"))
        }
    }
}

pub(super) fn number(parser: &mut Parser) -> Result<Value, PathFault> {
    let start = parser.at;
    let mut text = digits(parser)?;
    let more = |parser: &mut Parser, text: &mut String| {
        let before = text.len();
        while let Some(c @ '0'..='9') = parser.peek() {
            text.push(c);
            parser.at += 1;
        }
        text.len() > before
    };
    let mut is_right = true;
    if parser.takes(".") {
        text.push('.');
        is_right = more(parser, &mut text);
    }
    if is_right && matches!(parser.peek(), Some('e' | 'E')) {
        parser.at += 1;
        text.push('e');
        if let Some(sign @ ('+' | '-')) = parser.peek() {
            parser.at += 1;
            text.push(sign);
        }
        is_right = more(parser, &mut text);
    }
    let number = serde_json::from_str(&text).ok().filter(|_| is_right);
    number.ok_or_else(|| {
        parser.at = start;
        parser.fault("this is no number")
    })
}

fn digits(parser: &mut Parser) -> Result<String, PathFault> {
    let start = parser.at;
    let mut text = String::new();
    if parser.takes("-") {
        text.push('-');
    }
    let from = text.len();
    while let Some(c @ '0'..='9') = parser.peek() {
        text.push(c);
        parser.at += 1;
    }
    let digits = &text[from..];
    if digits.is_empty() || digits.len() > 1 && digits.starts_with('0') {
        parser.at = start;
        return Err(parser.fault("this is no number"));
    }
    Ok(text)
}
