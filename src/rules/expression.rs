use super::budget::{Budget, too_much};
use super::metering::Metering;
use super::names::{Names, Scope};
use super::texts::Patterns;
use crate::spec::{LoadError, Origin, Place, Source};
use crate::wire::Pointer;
use cel::common::ast::IdedExpr;
use cel::common::value::CowVal;
use cel::{Context, Env, ExecutionError, Program, Value as Cel, extensions};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, LazyLock};

/// How deep brackets may stand in each other: each takes the parser a dozen calls.
const DEEPEST: usize = 20;
/// How long an expression may be, in bytes.
const LONGEST: usize = 16 << 10;
/// How many operators it may have: each of a chain takes room on the stack.
const MOST_OPERATORS: usize = 300;

/// A compiled expression, with its place.
#[derive(Debug)]
pub struct Expression {
    text: Box<str>,
    program: Program,
    /// What is evaluated: the program with its costs.
    metered: IdedExpr,
    /// What it costs once, what its loops repeat and its definitions do aside.
    steps: u64,
    source: Arc<Source>,
    at: Pointer,
    /// How many characters other than white space stand before it in its scalar.
    before: usize,
    /// The variables, members of variables (`stored.status`) and functions that it names, those of
    /// its own loops aside, and the functions by which it pays.
    pub(super) names: BTreeSet<String>,
    /// How many operations hang on each other in it, those of definitions included.
    pub(super) depth: usize,
    /// The patterns that stand in it.
    pub(super) patterns: Patterns,
}

/// An expression that failed on a request: a fault of the rules, not of the client.
#[derive(Debug, Clone)]
pub struct RuleFault {
    /// Where it stands.
    pub origin: Origin,
    /// Why it failed.
    pub message: String,
}

impl fmt::Display for RuleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the rule can't be evaluated: {}",
            self.origin, self.message
        )
    }
}

/// CEL's standard environment with its string extension, built once.
pub(super) fn environment() -> Arc<Env> {
    static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
        let mut environment = Env::stdlib();
        // The extension's names are new to the standard ones.
        let added = environment.add_extension(extensions::strings);
        debug_assert!(added.is_ok());
        Arc::new(environment)
    });
    Arc::clone(&ENVIRONMENT)
}

impl Expression {
    /// Compiles the text that stands at `at`, behind so many characters that aren't its own; every
    /// name in it must be one of the scope's.
    pub(super) fn compile(
        source: &Arc<Source>,
        at: Pointer,
        (before, text): (usize, &str),
        scope: &Scope,
    ) -> Result<Expression, LoadError> {
        let text = text.trim();
        let place = |offset: usize| inside(&at, before, text, offset);
        if text.is_empty() {
            let message = "there is no expression here";
            return Err(LoadError::new(source, Place::Value(at), message));
        }
        if text.len() > LONGEST || operators(text) > MOST_OPERATORS {
            let message = format!(
                "an expression has no more than {MOST_OPERATORS} operators, in {LONGEST} bytes"
            );
            let error = LoadError::new(source, Place::Value(at), message);
            return Err(error.with_help("a part of it may be a function under `define`"));
        }
        if nesting(text) > DEEPEST {
            let message = format!("brackets stand in each other {DEEPEST} deep at most");
            return Err(LoadError::new(source, Place::Value(at), message));
        }
        let program = environment().compile(text).map_err(|errors| {
            let first = errors.errors.first();
            let offset = first.map_or(0, |error| offset(text, error.pos));
            let said = first.map_or("", |error| error.msg.as_str());
            let (message, help) = in_words(said);
            let error =
                LoadError::new(source, place(offset), format!("this is not CEL: {message}"));
            match help {
                Some(help) => error.with_help(help),
                None => error,
            }
        })?;
        let mut names = Names::of(scope);
        if let Err((id, message, help)) = names.check(program.expression()) {
            let offset = program.source_info().offset_for(id);
            let offset = offset.map_or(0, |(start, _)| start as usize);
            let error = LoadError::new(source, place(name_before(text, offset)), message);
            return Err(error.with_help(help));
        }
        let Names {
            mut used,
            deepest,
            patterns,
            ..
        } = names;
        let mut metering = Metering::default();
        let (metered, steps) = metering.of(program.expression());
        used.extend(metering.uses);
        Ok(Expression {
            text: text.into(),
            metered,
            steps,
            program,
            source: Arc::clone(source),
            at,
            before,
            names: used,
            depth: deepest,
            patterns,
        })
    }

    pub(super) fn evaluate(
        &self,
        context: &Context<'_, '_>,
        budget: &Budget,
    ) -> Result<Cel, RuleFault> {
        let given = self.value(context, budget).and_then(|value| {
            budget.give(value.as_ref())?;
            Cel::try_from(value.as_ref())
        });
        // A part that couldn't be paid for may have been passed over.
        match budget.is_spent() {
            true => Err(self.fault(too_much())),
            false => given.map_err(|error| self.fault(error.to_string())),
        }
    }

    /// What it gives, as long as it can be paid for.
    pub(super) fn value<'e, 'v>(
        &'e self,
        context: &'e Context<'_, 'v>,
        budget: &Budget,
    ) -> Result<CowVal<'e, 'v>, ExecutionError> {
        budget.spend(self.steps)?;
        Cel::resolve_val(&self.metered, context)
    }

    pub(super) fn is_true(
        &self,
        context: &Context<'_, '_>,
        budget: &Budget,
    ) -> Result<bool, RuleFault> {
        match self.evaluate(context, budget)? {
            Cel::Bool(flag) => Ok(flag),
            other => Err(self.fault(format!("it must be true or false, and is {other:?}"))),
        }
    }

    pub(super) fn program(&self) -> &Program {
        &self.program
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> RuleFault {
        RuleFault {
            origin: self.origin(),
            message: message.into(),
        }
    }

    /// Where one of its nodes stands.
    pub(super) fn place(&self, id: u64) -> Place {
        let offset = self.program.source_info().offset_for(id);
        let offset = offset.map_or(0, |(start, _)| start as usize);
        let offset = name_before(&self.text, offset);
        inside(&self.at, self.before, &self.text, offset)
    }

    /// The file that it stands in.
    pub(super) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it stands.
    pub fn origin(&self) -> Origin {
        Origin {
            source: Arc::clone(&self.source),
            pointer: self.at.clone(),
        }
    }
}

/// How deep brackets stand in each other, those in strings too.
fn nesting(text: &str) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    for octet in text.bytes() {
        match octet {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// How many characters of operators are in a text, those in strings too: no fewer than there are
/// operators.
fn operators(text: &str) -> usize {
    let all = text.bytes();
    all.filter(|octet| b"+-*/%<>=!&|?.([{".contains(octet))
        .count()
}

/// Where the character stands at an offset of a text, in bytes: known by how many characters other
/// than white space stand before it in its scalar.
fn inside(at: &Pointer, before: usize, text: &str, offset: usize) -> Place {
    let stand_before = text.char_indices().take_while(|(at, _)| *at < offset);
    let said = stand_before.filter(|(_, c)| !c.is_whitespace());
    Place::Inside(at.clone(), before + said.count())
}

/// Where a line and a column stand, both from 1, the column in characters; in bytes.
fn offset(text: &str, (line, column): (isize, isize)) -> usize {
    let whole = |number: isize| usize::try_from(number - 1).unwrap_or(0);
    let lines = text.split_inclusive('\n');
    let start: usize = lines.take(whole(line)).map(str::len).sum();
    let mut places = text[start..].char_indices();
    places
        .nth(whole(column))
        .map_or(text.len(), |(at, _)| start + at)
}

/// A call is placed at its parenthesis; people look for its name.
fn name_before(text: &str, offset: usize) -> usize {
    let Some(before) = text
        .get(..offset)
        .filter(|_| text[offset..].starts_with('('))
    else {
        return offset;
    };
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    before.trim_end().trim_end_matches(name).len()
}

const OPERATORS: &str = "equal is `==`, and is `&&`, or is `||`, not is `!`";

/// What the parser says, without its grammar's names, and what would mend it.
fn in_words(said: &str) -> (String, Option<&'static str>) {
    let said = said.lines().next().unwrap_or("");
    let said = said.strip_prefix("Syntax error: ").unwrap_or(said);
    let unexpected = [
        "extraneous input ",
        "mismatched input ",
        "no viable alternative at input ",
    ];
    let rest = unexpected.iter().find_map(|start| said.strip_prefix(start));
    if let Some(rest) = rest {
        let input = rest.split(" expecting ").next().unwrap_or(rest);
        return match input {
            "'<EOF>'" => ("it ends where a value is expected".to_owned(), None),
            _ => (
                format!("{} is not expected here", ticked(input)),
                ["'and'", "'or'", "'not'", "'='"]
                    .contains(&input)
                    .then_some(OPERATORS),
            ),
        };
    }
    if let Some(rest) = said.strip_prefix("missing ") {
        let (what, _) = rest.split_once(" at ").unwrap_or((rest, ""));
        return (format!("{} is missing", ticked(what)), None);
    }
    if let Some(input) = said.strip_prefix("token recognition error at: ") {
        let text = ["'\"", "''"].iter().any(|start| input.starts_with(start));
        return match text {
            true => (
                "the text that this quote opens doesn't end".to_owned(),
                None,
            ),
            false => (
                format!("{} means nothing here", ticked(input)),
                Some(OPERATORS),
            ),
        };
    }
    if said.contains("Recursion limit") {
        return ("it is nested too deep".to_owned(), None);
    }
    (said.to_owned(), None)
}

/// `'x'` as the parser quotes it, between back-ticks.
fn ticked(quoted: &str) -> String {
    let inner = quoted.strip_prefix('\'').unwrap_or(quoted);
    let inner = inner.strip_suffix('\'').unwrap_or(inner);
    format!("`{}`", inner.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `line:column` and message of the error in an expression under the key `that`.
    fn error(yaml: &str) -> String {
        let source = Arc::new(Source::new("r", yaml));
        let value = source.parse().expect("YAML");
        let scope = Scope {
            collections: vec!["things".to_owned()],
            ..Scope::default()
        };
        let scope = scope.with(&["next", "stored"]);
        let at = Pointer::root().child("that");
        let text = value["that"].as_str().expect("a text");
        let error = Expression::compile(&source, at, (0, text), &scope).expect_err("an error");
        let span = source.text()[source.span(&error.place)].to_owned();
        format!("{error} [{span}] {}", error.help.as_deref().unwrap_or(""))
    }

    #[test]
    fn an_error_is_at_its_word_whatever_letters_stand_before_it() {
        for before in ["'a'", "'é'", "'日本'", "'😀'"] {
            let column = 1 + before.chars().count();
            let unknown = error(&format!("that: |\n  {before} == neext.b && true\n"));
            let place = format!(
                "r:2:{}: there is no variable `neext` here [neext]",
                column + 6
            );
            assert!(unknown.starts_with(&place), "{unknown}");
            let broken = error(&format!("that: |\n  1 ==\n  {before} == * 2\n"));
            let place = format!(
                "r:3:{}: this is not CEL: `*` is not expected here [*]",
                column + 6
            );
            assert!(broken.starts_with(&place), "{broken}");
        }
    }

    #[test]
    fn a_function_is_told_of_at_its_name() {
        for (text, expected) in [
            (
                "lenght (next.a)",
                "7: there is no function `lenght` [lenght]",
            ),
            ("next.a.uper()", "14: there is no function `uper` [uper]"),
            (
                "size(next.b.trimm())",
                "19: there is no function `trimm` [trimm] did you mean `trim`?",
            ),
            ("size([1].map(x, f(x)))", "23: there is no function `f` [f]"),
            (
                "item('thing', 'a') == null",
                "12: there is no collection `thing` ['thing'] did you mean `things`?",
            ),
        ] {
            let error = error(&format!("that: {text}\n"));
            let error = error.strip_prefix("r:1:").expect("in the first line");
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
