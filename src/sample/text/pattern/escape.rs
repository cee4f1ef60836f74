//! What stands behind a backslash, and between the brackets of a class.

use super::Kind;
use super::class::{Class, LAST};
use super::parse::Parser;

impl Parser {
    /// Behind a backslash outside of a class.
    pub(super) fn escape(&mut self) -> Option<usize> {
        let c = self.peek()?;
        let rest = &self.chars[self.at..];
        let kind = match c {
            'b' => Kind::Border(true),
            'B' => Kind::Border(false),
            'A' => Kind::Start,
            'z' | 'Z' => Kind::End,
            'k' if rest.get(1) == Some(&'<') => {
                let name: String = rest[2..].iter().take_while(|c| **c != '>').collect();
                let known = self
                    .names
                    .iter()
                    .position(|known| known.as_deref() == Some(&name));
                match known {
                    Some(known) => {
                        self.at += name.chars().count() + 3;
                        return Some(self.pattern.add(Kind::Back(known + 1)));
                    }
                    None => Kind::One(Class::one('k')),
                }
            }
            '1'..='9' => {
                let digits: String = rest
                    .iter()
                    .take(3)
                    .take_while(|c| c.is_ascii_digit())
                    .collect();
                let number: usize = digits.parse().ok()?;
                if number <= self.names.len() {
                    self.at += digits.len();
                    return Some(self.pattern.add(Kind::Back(number)));
                }
                let class = self.escaped(false)?;
                return Some(self.one(class));
            }
            _ => {
                let class = self.escaped(false)?;
                return Some(self.one(class));
            }
        };
        self.at += 1;
        Some(self.pattern.add(kind))
    }

    /// Behind a backslash: the characters that are meant.
    fn escaped(&mut self, in_class: bool) -> Option<Class> {
        let c = self.peek()?;
        self.at += 1;
        Some(match c {
            'd' => Class::digits(),
            'D' => Class::digits().others(),
            'w' => Class::word(),
            'W' => Class::word().others(),
            's' => Class::space(),
            'S' => Class::space().others(),
            'p' | 'P' => {
                let property: String = match self.take("{") {
                    true => {
                        let rest = self.chars[self.at..].iter();
                        let name: String = rest.take_while(|c| **c != '}').collect();
                        self.at += name.chars().count() + 1;
                        name
                    }
                    false => {
                        self.at += 1;
                        self.chars.get(self.at - 1)?.to_string()
                    }
                };
                let class = property_class(&property)?;
                match c {
                    'p' => class,
                    _ => class.others(),
                }
            }
            'b' if in_class => Class::one('\u{8}'),
            't' => Class::one('\t'),
            'n' => Class::one('\n'),
            'r' => Class::one('\r'),
            'v' => Class::one('\u{b}'),
            'f' => Class::one('\u{c}'),
            '0' => Class::one('\0'),
            'c' => match self.peek().filter(char::is_ascii_alphabetic) {
                Some(letter) => {
                    self.at += 1;
                    Class::one(char::from(letter as u8 % 32))
                }
                None => Class::one('\\'),
            },
            'x' => self.code(2).map_or_else(|| Class::one('x'), code_class),
            'u' => match self.code(4) {
                Some(high) if (0xd800..0xdc00).contains(&high) && self.starts_with("\\u") => {
                    self.at += 2;
                    let low = self.code(4)?;
                    code_class(
                        0x10000 + ((high - 0xd800) << 10) + (low.checked_sub(0xdc00)? & 0x3ff),
                    )
                }
                Some(code) => code_class(code),
                None => Class::one('u'),
            },
            c => Class::one(c),
        })
    }

    /// So many hexadecimal digits, or any number of them in braces.
    fn code(&mut self, digits: usize) -> Option<u32> {
        let rest = &self.chars[self.at..];
        let (skip, digits) = match rest.first() {
            Some('{') => (1, rest.iter().take(10).position(|c| *c == '}')? - 1),
            _ => (0, digits),
        };
        let text: String = rest.get(skip..skip + digits)?.iter().collect();
        let code = u32::from_str_radix(&text, 16).ok()?;
        self.at += digits + 2 * skip;
        Some(code)
    }

    /// Behind the bracket that opens a class.
    pub(super) fn class(&mut self) -> Option<Class> {
        let is_others = self.take("^");
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        while !self.take("]") {
            let first = self.member()?;
            let single = |class: &Class| match class.ranges() {
                [(from, to)] if from == to => Some(*from),
                _ => None,
            };
            let is_range = self.starts_with("-") && !self.starts_with("-]");
            match single(&first).filter(|_| is_range) {
                Some(from) => {
                    self.at += 1;
                    let last = self.member()?;
                    match single(&last) {
                        Some(to) if from > to => return None,
                        Some(to) => ranges.push((from, to)),
                        // No range has a class at an end (annex B.1.2).
                        None => {
                            ranges.extend([(from, from), (0x2d, 0x2d)]);
                            ranges.extend(last.ranges());
                        }
                    }
                }
                None => ranges.extend(first.ranges()),
            }
        }
        let class = Class::of(ranges);
        let class = match self.any_case {
            true => class.any_case(),
            false => class,
        };
        Some(match is_others {
            true => class.others(),
            false => class,
        })
    }

    fn member(&mut self) -> Option<Class> {
        let c = self.peek()?;
        self.at += 1;
        match c {
            '\\' => self.escaped(true),
            c => Some(Class::one(c)),
        }
    }
}

fn code_class(code: u32) -> Class {
    Class::of(vec![(code, code.min(LAST))])
}

/// The characters of a property of Unicode.
fn property_class(name: &str) -> Option<Class> {
    use regex_syntax::hir::{Class as Known, HirKind};
    let pattern = format!(r"\p{{{name}}}");
    let parsed = regex_syntax::Parser::new().parse(&pattern).ok()?;
    match parsed.kind() {
        HirKind::Class(Known::Unicode(class)) => Some(Class::of(
            class
                .iter()
                .map(|range| (range.start() as u32, range.end() as u32))
                .collect(),
        )),
        _ => None,
    }
}
