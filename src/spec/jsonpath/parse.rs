use super::PathFault;
use super::literal::{integer, number, quoted};
use super::syntax::{Comparison, Operand, Query, Segment, Selector, Test};
use serde_json::Value;

/// How deep filters and brackets may stand in each other.
const DEPTH_LIMIT: usize = 32;

/// Reads a query that starts with `$` and is all of the text.
pub(super) fn parse(text: &str) -> Result<Query, PathFault> {
    let mut parser = Parser {
        chars: text.chars().collect(),
        at: 0,
        depth: 0,
    };
    if !parser.takes("$") {
        return Err(parser.fault("a JSONPath starts with `$`"));
    }
    let segments = parser.segments()?;
    match parser.peek() {
        None => Ok(Query {
            is_absolute: true,
            segments,
        }),
        Some(_) => Err(parser.fault("a segment starts with `.` or `[`")),
    }
}

pub(super) struct Parser {
    chars: Vec<char>,
    pub(super) at: usize,
    depth: usize,
}

/// What a function gives, or a query in the place of a test.
enum Term {
    Value(Operand),
    Nodes(Query),
    Truth(Test),
}

impl Parser {
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    pub(super) fn takes(&mut self, text: &str) -> bool {
        let length = text.chars().count();
        let there = self.chars[self.at..].iter().take(length).copied();
        let is = there.eq(text.chars());
        if is {
            self.at += length;
        }
        is
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> PathFault {
        PathFault {
            at: self.at,
            message: message.into(),
        }
    }

    fn needs(&mut self, text: &str) -> Result<(), PathFault> {
        self.space();
        match self.takes(text) {
            true => Ok(()),
            false => Err(self.fault(format!("`{text}` is expected here"))),
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn segments(&mut self) -> Result<Vec<Segment>, PathFault> {
        let mut segments = Vec::new();
        loop {
            let before = self.at;
            self.space();
            let is_descendant = self.takes("..");
            let selectors = if self.takes("[") {
                self.bracketed()?
            } else if is_descendant || self.takes(".") {
                vec![self.dotted()?]
            } else {
                // White space behind the last segment belongs to what follows.
                self.at = before;
                return Ok(segments);
            };
            segments.push(Segment {
                is_descendant,
                selectors,
            });
        }
    }

    fn dotted(&mut self) -> Result<Selector, PathFault> {
        if self.takes("*") {
            return Ok(Selector::Wildcard);
        }
        let first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
        let mut name = String::new();
        while let Some(c) = self.peek() {
            if !first(c) && (name.is_empty() || !c.is_ascii_digit()) {
                break;
            }
            name.push(c);
            self.at += 1;
        }
        match name.is_empty() {
            true => {
                Err(self.fault("a name is expected here; other names stand in brackets: ['a-b']"))
            }
            false => Ok(Selector::Name(name)),
        }
    }

    fn bracketed(&mut self) -> Result<Vec<Selector>, PathFault> {
        self.deeper()?;
        let mut selectors = Vec::new();
        loop {
            self.space();
            selectors.push(self.selector()?);
            self.space();
            if self.takes("]") {
                self.depth -= 1;
                return Ok(selectors);
            }
            self.needs(",")?;
        }
    }

    fn deeper(&mut self) -> Result<(), PathFault> {
        self.depth += 1;
        match self.depth > DEPTH_LIMIT {
            true => Err(self.fault("brackets stand in each other more than 32 deep")),
            false => Ok(()),
        }
    }

    fn selector(&mut self) -> Result<Selector, PathFault> {
        match self.peek() {
            Some('\'' | '"') => quoted(self).map(Selector::Name),
            Some('*') => {
                self.at += 1;
                Ok(Selector::Wildcard)
            }
            Some('?') => {
                self.at += 1;
                self.space();
                self.or().map(Selector::Filter)
            }
            Some('-' | '0'..='9' | ':') => self.index_or_slice(),
            _ => Err(self.fault("a name in quotes, a number, `*` or a filter is expected here")),
        }
    }

    fn index_or_slice(&mut self) -> Result<Selector, PathFault> {
        let start = self.optional_integer()?;
        let before = self.at;
        self.space();
        if !self.takes(":") {
            self.at = before;
            return match start {
                Some(index) => Ok(Selector::Index(index)),
                None => Err(self.fault("a number is expected here")),
            };
        }
        self.space();
        let end = self.optional_integer()?;
        let before = self.at;
        self.space();
        let mut step = None;
        if self.takes(":") {
            self.space();
            step = self.optional_integer()?;
        } else {
            self.at = before;
        }
        Ok(Selector::Slice(start, end, step.unwrap_or(1)))
    }

    fn optional_integer(&mut self) -> Result<Option<i64>, PathFault> {
        match self.peek() {
            Some('-' | '0'..='9') => integer(self).map(Some),
            _ => Ok(None),
        }
    }

    fn or(&mut self) -> Result<Test, PathFault> {
        let mut tests = vec![self.and()?];
        loop {
            self.space();
            match self.takes("||") {
                true => tests.push(self.and()?),
                false => return Ok(one_or(tests, Test::Or)),
            }
        }
    }

    fn and(&mut self) -> Result<Test, PathFault> {
        let mut tests = vec![self.basic()?];
        loop {
            self.space();
            match self.takes("&&") {
                true => tests.push(self.basic()?),
                false => return Ok(one_or(tests, Test::And)),
            }
        }
    }

    fn basic(&mut self) -> Result<Test, PathFault> {
        self.space();
        if self.takes("!") {
            self.space();
            let test = match self.peek() {
                Some('(') => self.basic()?,
                _ => {
                    let start = self.at;
                    let term = self.term()?;
                    self.as_test(term, start)?
                }
            };
            return Ok(Test::Not(Box::new(test)));
        }
        if self.takes("(") {
            self.deeper()?;
            let test = self.or()?;
            self.needs(")")?;
            self.depth -= 1;
            return Ok(test);
        }
        let start = self.at;
        let left = self.term()?;
        let before = self.at;
        self.space();
        let Some(comparison) = self.comparison() else {
            self.at = before;
            return self.as_test(left, start);
        };
        let left = self.comparable(left, start)?;
        self.space();
        let start = self.at;
        let right = self.term()?;
        let right = self.comparable(right, start)?;
        Ok(Test::Compare(left, comparison, right))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let signs = [
            ("==", Comparison::Equal),
            ("!=", Comparison::Unequal),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::MoreOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::More),
        ];
        let found = signs.into_iter().find(|(sign, _)| self.takes(sign));
        found.map(|(_, comparison)| comparison)
    }

    fn term(&mut self) -> Result<Term, PathFault> {
        match self.peek() {
            Some(c @ ('$' | '@')) => {
                self.at += 1;
                let segments = self.segments()?;
                Ok(Term::Nodes(Query {
                    is_absolute: c == '$',
                    segments,
                }))
            }
            Some('\'' | '"') => {
                let text = quoted(self)?;
                Ok(Term::Value(Operand::Literal(text.into())))
            }
            Some('-' | '0'..='9') => {
                let number = number(self)?;
                Ok(Term::Value(Operand::Literal(number)))
            }
            Some('a'..='z') => self.word(),
            _ => Err(self.fault("`@`, `$`, a literal or a function is expected here")),
        }
    }

    fn word(&mut self) -> Result<Term, PathFault> {
        let start = self.at;
        let mut word = String::new();
        while let Some(c @ ('a'..='z' | '_' | '0'..='9')) = self.peek() {
            word.push(c);
            self.at += 1;
        }
        let literal = |value: Value| Ok(Term::Value(Operand::Literal(value)));
        match word.as_str() {
            "true" => return literal(true.into()),
            "false" => return literal(false.into()),
            "null" => return literal(Value::Null),
            _ => {}
        }
        if !self.takes("(") {
            self.at = start;
            return Err(self.fault(format!(
                "`{word}` is no literal, and a function has `(` behind it"
            )));
        }
        self.deeper()?;
        let term = match word.as_str() {
            "length" => Term::Value(Operand::Length(Box::new(self.value_argument()?))),
            "count" => Term::Value(Operand::Count(self.nodes_argument()?)),
            "value" => Term::Value(Operand::Value(self.nodes_argument()?)),
            "match" | "search" => {
                let text = self.value_argument()?;
                self.needs(",")?;
                let pattern = self.value_argument()?;
                Term::Truth(Test::Matches {
                    whole: word == "match",
                    text,
                    pattern,
                })
            }
            _ => {
                self.at = start;
                let known = "length, count, value, match and search";
                return Err(self.fault(format!("there is no function `{word}`; there are {known}")));
            }
        };
        self.needs(")")?;
        self.depth -= 1;
        Ok(term)
    }

    fn value_argument(&mut self) -> Result<Operand, PathFault> {
        self.space();
        let start = self.at;
        let term = self.term()?;
        self.comparable(term, start)
    }

    fn nodes_argument(&mut self) -> Result<Query, PathFault> {
        self.space();
        let start = self.at;
        match self.term()? {
            Term::Nodes(query) => Ok(query),
            _ => Err(self.fault_at(start, "this function takes a query")),
        }
    }

    /// A value (§2.4.3): a query is one where it selects one node at most.
    fn comparable(&self, term: Term, start: usize) -> Result<Operand, PathFault> {
        match term {
            Term::Value(operand) => Ok(operand),
            Term::Nodes(query) if query.is_singular() => Ok(Operand::Singular(query)),
            Term::Nodes(_) => Err(self.fault_at(
                start,
                "this may select several nodes, where one value is needed",
            )),
            Term::Truth(_) => {
                Err(self.fault_at(start, "this is true or false, and can't be compared"))
            }
        }
    }

    fn as_test(&self, term: Term, start: usize) -> Result<Test, PathFault> {
        match term {
            Term::Nodes(query) => Ok(Test::Exists(query)),
            Term::Truth(test) => Ok(test),
            Term::Value(_) => Err(self.fault_at(start, "a value alone is no test: compare it")),
        }
    }

    fn fault_at(&self, at: usize, message: &str) -> PathFault {
        PathFault {
            at,
            message: message.to_owned(),
        }
    }
}

fn one_or(mut tests: Vec<Test>, many: fn(Vec<Test>) -> Test) -> Test {
    match (tests.len(), tests.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            tests.extend(last);
            many(tests)
        }
    }
}
