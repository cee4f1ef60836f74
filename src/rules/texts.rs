//! CEL's functions of texts whose cost is more than the length of what they are given: the same as
//! the interpreter's, but that they pay before they begin, and know their patterns beforehand.

use super::budget::{Budget, stretches};
use cel::common::types::{CelBool, CelInt, CelList, CelString};
use cel::common::value::{CowVal, Val};
use cel::{ExecutionError, FunctionContext};
use regex::Regex;
use std::collections::HashMap;

/// Patterns that stand in expressions, compiled.
pub(super) type Patterns = HashMap<String, Regex>;

/// How large a compiled pattern may be, in bytes.
const PROGRAM: usize = 1 << 20;
/// What compiling a pattern costs.
const COMPILED: u64 = 20_000;

type Given<'g, 'c, 'v> = Vec<&'g CowVal<'c, 'v>>;
type Result<T> = std::result::Result<T, ExecutionError>;

/// Compiles the pattern of a `matches`.
pub(super) fn pattern(text: &str) -> std::result::Result<Regex, regex::Error> {
    regex::RegexBuilder::new(text).size_limit(PROGRAM).build()
}

/// Does what the function of this name does in CEL.
pub(super) fn call<'c, 'v>(
    name: &'static str,
    call: &FunctionContext<'c, 'v>,
    budget: &Budget,
    patterns: &Patterns,
) -> Result<CowVal<'c, 'v>> {
    let given: Given<'_, '_, '_> = call.this.iter().chain(&call.args).collect();
    let texts = Texts { name, given };
    match name {
        "indexOf" => texts.index(budget, false),
        "lastIndexOf" => texts.index(budget, true),
        "join" => texts.join(budget),
        "matches" => texts.matches(budget, patterns),
        "replace" => texts.replace(budget),
        _ => texts.split(budget),
    }
}

/// What such a function is given.
struct Texts<'g, 'c, 'v> {
    name: &'static str,
    given: Given<'g, 'c, 'v>,
}

impl<'c, 'v> Texts<'_, 'c, 'v> {
    fn fail<T>(&self, message: impl ToString) -> Result<T> {
        Err(ExecutionError::function_error(self.name, message))
    }

    fn text(&self, number: usize) -> Result<&str> {
        let given = self.given.get(number);
        match given.and_then(|given| given.downcast_ref::<CelString>()) {
            Some(text) => Ok(text.inner()),
            None => self.fail("takes texts"),
        }
    }

    /// The whole number that may stand at the end.
    fn number(&self, number: usize) -> Result<Option<i64>> {
        let Some(given) = self.given.get(number) else {
            return Ok(None);
        };
        match given.downcast_ref::<CelInt>() {
            Some(int) => Ok(Some(*int.inner())),
            None => self.fail("takes a whole number at the end"),
        }
    }

    /// The place of a text in another, in characters; -1 where it isn't there.
    fn index(&self, budget: &Budget, is_last: bool) -> Result<CowVal<'c, 'v>> {
        let (text, part, from) = (self.text(0)?, self.text(1)?, self.number(2)?);
        budget.spend(1 + stretches(text.len()) + stretches(part.len()))?;
        let length = text.chars().count();
        let at = |number: usize| {
            let found = text.char_indices().nth(number);
            found.map_or(text.len(), |(at, _)| at)
        };
        let from = match from {
            None => None,
            Some(from) => match usize::try_from(from) {
                Ok(from) if part.is_empty() => {
                    return Ok(int(from.min(length)));
                }
                Ok(from) if from < length => Some(from),
                _ => return self.fail(format!("index out of range: {from}")),
            },
        };
        let found = match (is_last, from) {
            (false, None) => text.find(part),
            (false, Some(from)) => text[at(from)..].find(part).map(|found| at(from) + found),
            (true, None) => text.rfind(part),
            (true, Some(from)) => text[..at(from + part.chars().count())].rfind(part),
        };
        Ok(match found {
            Some(found) => int(text[..found].chars().count()),
            None => CowVal::owned(CelInt::from(-1)),
        })
    }

    fn join(&self, budget: &Budget) -> Result<CowVal<'c, 'v>> {
        let list = self.given.first();
        let Some(list) = list.and_then(|list| list.downcast_ref::<CelList>()) else {
            return self.fail("takes a list of texts");
        };
        let between = match self.given.len() {
            1 => "",
            _ => self.text(1)?,
        };
        let mut parts = Vec::new();
        for part in list.inner() {
            let Some(part) = part.downcast_ref::<CelString>() else {
                return self.fail("takes a list of texts");
            };
            budget.spend(1 + stretches(part.inner().len() + between.len()))?;
            parts.push(part.inner());
        }
        Ok(text(parts.join(between)))
    }

    fn matches(&self, budget: &Budget, patterns: &Patterns) -> Result<CowVal<'c, 'v>> {
        let (text, pattern_text) = (self.text(0)?, self.text(1)?);
        let cost = stretches(text.len()).saturating_mul(1 + stretches(pattern_text.len()));
        budget.spend(1 + cost)?;
        let is_match = match patterns.get(pattern_text) {
            Some(known) => known.is_match(text),
            None => {
                budget.spend(COMPILED)?;
                match pattern(pattern_text) {
                    Ok(made) => made.is_match(text),
                    Err(error) => return self.fail(error),
                }
            }
        };
        Ok(CowVal::owned(CelBool::from(is_match)))
    }

    /// All of a part, or the first of them, by another.
    fn replace(&self, budget: &Budget) -> Result<CowVal<'c, 'v>> {
        let (whole, part, by) = (self.text(0)?, self.text(1)?, self.text(2)?);
        let most = self.number(3)?.map(usize::try_from);
        budget.spend(1 + stretches(whole.len()))?;
        let found = whole.matches(part).count();
        let most = most.and_then(std::result::Result::ok).unwrap_or(found);
        let grown = by.len().saturating_mul(found.min(most));
        budget.spend(found as u64 / 4 + stretches(whole.len().saturating_add(grown)))?;
        Ok(text(whole.replacen(part, by, most)))
    }

    /// The parts between others, at most so many; between nothing, the characters.
    fn split(&self, budget: &Budget) -> Result<CowVal<'c, 'v>> {
        let (whole, between) = (self.text(0)?, self.text(1)?);
        budget.spend(1 + stretches(whole.len()))?;
        let most = self.number(2)?.and_then(|most| usize::try_from(most).ok());
        let most = most.unwrap_or(usize::MAX);
        let found = match between {
            "" => whole.chars().count(),
            _ => whole.matches(between).count() + 1,
        };
        budget.spend(4 * found.min(most) as u64)?;
        let parts: Vec<&str> = match (most, between) {
            (0, _) => Vec::new(),
            (_, "") => {
                let starts = whole.char_indices().map(|(at, _)| at);
                let starts: Vec<usize> = starts.take(most).collect();
                let ends = starts.iter().skip(1).copied().chain([whole.len()]);
                let bounds = starts.iter().zip(ends);
                bounds.map(|(start, end)| &whole[*start..end]).collect()
            }
            _ => whole.splitn(most, between).collect(),
        };
        let part = |part: &str| -> Box<dyn Val> { Box::new(CelString::from(part.to_owned())) };
        let parts: Vec<Box<dyn Val>> = parts.into_iter().map(part).collect();
        Ok(CowVal::owned(CelList::from(parts)))
    }
}

fn text<'c, 'v>(text: String) -> CowVal<'c, 'v> {
    CowVal::owned(CelString::from(text))
}

fn int<'c, 'v>(number: usize) -> CowVal<'c, 'v> {
    CowVal::owned(CelInt::from(number as i64))
}

#[cfg(test)]
mod tests {
    use super::super::trial::{metered, plain};

    #[test]
    fn they_give_what_the_interpreters_own_give() {
        let texts = ["''", "'a'", "'aXbXXc'", "'né日本né'", "'nananana'"];
        let parts = ["''", "'X'", "'né'", "'nana'", "'日本né!'"];
        let calls = [
            "T.indexOf(P)",
            "T.lastIndexOf(P)",
            "T.indexOf(P, 2)",
            "T.lastIndexOf(P, 2)",
            "T.indexOf(P, 0)",
            "T.lastIndexOf(P, 0)",
            "T.lastIndexOf(P, -1)",
            "T.replace(P, '--')",
            "T.replace(P, '', 1)",
            "T.replace(P, 'é', 0)",
            "T.replace(P, 'é', -1)",
            "T.split(P)",
            "T.split(P, 0)",
            "T.split(P, 1)",
            "T.split(P, 2)",
            "T.split(P, -1)",
            "[T, P, T].join()",
            "[T, P, T].join(P)",
            "[].join(P)",
            "T.matches(P)",
            "matches(T, P + '$')",
        ];
        for text in texts {
            for part in parts {
                for call in calls {
                    let call = call.replace('T', text).replace('P', part);
                    assert_eq!(metered(&call).ok(), plain(&call).ok(), "{call}");
                }
            }
        }
    }

    #[test]
    fn what_they_cannot_take_is_told() {
        for (call, told) in [
            ("'a'.indexOf(1)", "indexOf': takes texts"),
            ("[1].join()", "join': takes a list of texts"),
            (
                "'a'.split('b', 'c')",
                "split': takes a whole number at the end",
            ),
            ("'a'.matches('(' + 'b')", "matches': regex parse error"),
        ] {
            let error = metered(call).expect_err(call);
            assert!(error.contains(told), "{error}");
        }
    }
}
