//! Reads patterns as ECMA-262 has them, with annex B, and what the engines add to it.

use super::class::Class;
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

pub(super) struct Parser {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    depth: usize,
    pub(super) any_case: bool,
    dot_all: bool,
    /// How many groups have been opened.
    group: usize,
    /// The names of the capturing groups, in order.
    pub(super) names: Vec<Option<String>>,
    pub(super) pattern: Pattern,
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
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        let mut rest = self.chars[self.at.min(self.chars.len())..].iter();
        text.chars().all(|c| rest.next() == Some(&c))
    }

    pub(super) fn take(&mut self, text: &str) -> bool {
        let is_there = self.starts_with(text);
        self.at += if is_there { text.chars().count() } else { 0 };
        is_there
    }

    pub(super) fn one(&mut self, class: Class) -> usize {
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
}
