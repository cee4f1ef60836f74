//! Reads patterns as ECMA-262 has them, with annex B, and what the engines add to it.

use super::class::{Class, LAST};
use super::{Kind, Pattern};

/// How deep groups may stand in each other.
const DEPTH: usize = 120;
/// How many parts a pattern may have.
const PARTS: usize = 100_000;

impl Pattern {
    /// Reads a pattern; nothing where it is none, or goes beyond the bounds.
    pub(in super::super) fn parse(text: &str) -> Option<Pattern> {
        let chars: Vec<char> = text.chars().collect();
        let mut parser = Parser {
            names: names(&chars),
            chars,
            at: 0,
            depth: 0,
            any_case: false,
            dot_all: false,
            group: 0,
            pattern: Pattern {
                nodes: Vec::new(),
                root: 0,
                groups: 0,
            },
        };
        let root = parser.choice()?;
        if parser.at < parser.chars.len() {
            return None;
        }
        parser.pattern.root = root;
        parser.pattern.groups = parser.group;
        Some(parser.pattern)
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
    any_case: bool,
    dot_all: bool,
    /// How many groups have been opened.
    group: usize,
    /// The names of the capturing groups, in order.
    names: Vec<Option<String>>,
    pattern: Pattern,
}

/// The capturing groups of a pattern, with their names.
fn names(chars: &[char]) -> Vec<Option<String>> {
    let mut names = Vec::new();
    let (mut at, mut in_class) = (0, false);
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 1,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let rest = &chars[at + 1..];
                let name = match rest {
                    ['?', 'P', '<', name @ ..] => Some(name),
                    ['?', '<', c, ..] if *c != '=' && *c != '!' => Some(&rest[2..]),
                    ['?', ..] => None,
                    _ => Some(&rest[..0]),
                };
                names.extend(name.map(|name| {
                    let name: String = name.iter().take_while(|c| **c != '>').collect();
                    Some(name).filter(|name| !name.is_empty())
                }));
            }
            _ => {}
        }
        at += 1;
    }
    names
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        let mut rest = self.chars[self.at.min(self.chars.len())..].iter();
        text.chars().all(|c| rest.next() == Some(&c))
    }

    fn take(&mut self, text: &str) -> bool {
        let is_there = self.starts_with(text);
        self.at += if is_there { text.chars().count() } else { 0 };
        is_there
    }

    fn one(&mut self, class: Class) -> usize {
        let class = match self.any_case {
            true => class.any_case(),
            false => class,
        };
        self.pattern.add(Kind::One(class))
    }

    fn choice(&mut self) -> Option<usize> {
        let flags = (self.any_case, self.dot_all);
        let mut parts = vec![self.sequence()?];
        while self.take("|") {
            parts.push(self.sequence()?);
        }
        (self.any_case, self.dot_all) = flags;
        match parts.len() {
            1 => parts.pop(),
            _ => Some(self.pattern.add(Kind::Choice(parts))),
        }
    }

    fn sequence(&mut self) -> Option<usize> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek().filter(|c| *c != '|' && *c != ')') {
            if self.pattern.nodes.len() > PARTS {
                return None;
            }
            let part = self.part(c)?;
            parts.extend(match part {
                Some(part) => Some(self.counted(part)?),
                None => None,
            });
        }
        match parts.len() {
            1 => parts.pop(),
            _ => Some(self.pattern.add(Kind::Sequence(parts))),
        }
    }

    /// One part without its count. There is none where flags are set.
    fn part(&mut self, c: char) -> Option<Option<usize>> {
        if c == '(' {
            return self.group();
        }
        self.at += 1;
        Some(Some(match c {
            '^' => self.pattern.add(Kind::Start),
            '$' => self.pattern.add(Kind::End),
            '.' if self.dot_all => self.pattern.add(Kind::One(Class::any())),
            '.' => self.pattern.add(Kind::One(Class::dot())),
            '[' => {
                let class = self.class()?;
                self.pattern.add(Kind::One(class))
            }
            '\\' => self.escape()?,
            '*' | '+' | '?' => return None,
            c => self.one(Class::one(c)),
        }))
    }

    /// The part with the counts behind it.
    fn counted(&mut self, mut part: usize) -> Option<usize> {
        loop {
            let (least, most) = match self.peek() {
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('?') => (0, Some(1)),
                Some('{') => match self.count() {
                    Some((length, least, most)) => {
                        self.at += length - 1;
                        (least, most)
                    }
                    None => return Some(part),
                },
                _ => return Some(part),
            };
            self.at += 1;
            self.take("?");
            if most.is_some_and(|most| most < least) {
                return None;
            }
            part = self.pattern.add(Kind::Repeat {
                item: part,
                least,
                most,
            });
        }
    }

    /// `{m}`, `{m,}` or `{m,n}`: its length, and what it says.
    fn count(&self) -> Option<(usize, usize, Option<usize>)> {
        let rest = &self.chars[self.at + 1..];
        let end = rest.iter().take(50).position(|c| *c == '}')?;
        let inner: String = rest[..end].iter().collect();
        let number = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true if !text.is_empty() => Some(text.parse().unwrap_or(usize::MAX)),
            _ => None,
        };
        let (least, most) = match inner.split_once(',') {
            None => (number(&inner)?, number(&inner)),
            Some((least, "")) => (number(least)?, None),
            Some((least, most)) => (number(least)?, Some(number(most)?)),
        };
        Some((end + 2, least, most))
    }

    fn group(&mut self) -> Option<Option<usize>> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        self.at += 1;
        let flags = (self.any_case, self.dot_all);
        let look = |ahead, positive| Some((ahead, positive));
        let mut capture = None;
        let around = match () {
            () if self.take("?=") => look(true, true),
            () if self.take("?!") => look(true, false),
            () if self.take("?<=") => look(false, true),
            () if self.take("?<!") => look(false, false),
            () if self.take("?:") || self.take("?>") => None,
            () if self.take("?#") => {
                while self.peek()? != ')' {
                    self.at += 1;
                }
                None
            }
            () if self.take("?<") || self.take("?P<") => {
                while self.peek()? != '>' {
                    self.at += 1;
                }
                self.at += 1;
                self.group += 1;
                capture = Some(self.group);
                None
            }
            () if self.take("?") => {
                self.flags()?;
                if self.take(")") {
                    // They hold up to the end of the group around.
                    self.depth -= 1;
                    return Some(None);
                }
                self.at += 1;
                None
            }
            () => {
                self.group += 1;
                capture = Some(self.group);
                None
            }
        };
        let item = self.choice()?;
        if !self.take(")") {
            return None;
        }
        (self.any_case, self.dot_all) = flags;
        self.depth -= 1;
        Some(Some(match (around, capture) {
            (Some((ahead, positive)), _) => self.pattern.add(Kind::Look {
                item,
                ahead,
                positive,
            }),
            (None, Some(number)) => self.pattern.add(Kind::Group(number, item)),
            (None, None) => item,
        }))
    }

    /// `i`, `s` and others, up to the colon or the bracket.
    fn flags(&mut self) -> Option<()> {
        let mut is_on = true;
        loop {
            match self.peek()? {
                '-' => is_on = false,
                'i' => self.any_case = is_on,
                's' => self.dot_all = is_on,
                'm' | 'u' | 'U' => {}
                ':' | ')' => return Some(()),
                _ => return None,
            }
            self.at += 1;
        }
    }

    /// Behind a backslash outside of a class.
    fn escape(&mut self) -> Option<usize> {
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
    fn class(&mut self) -> Option<Class> {
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
