//! An expression with its costs: the same, in which what costs more than one evaluation of its text
//! pays first, by functions that no one can write. What is left costs its steps, once.

use super::budget::stretches;
use super::functions::{OWN, STANDARD};
use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators as op};
use cel::common::types::CelInt;
use std::collections::BTreeSet;

/// Pays for a loop over its first argument, each time with its second in steps; gives the first.
pub(super) const REPEATED: &str = "@repeated";
/// Pays for a copy of its argument, and gives it.
pub(super) const COPIED: &str = "@copied";
/// Pays for a copy of the items of its argument, and gives it.
pub(super) const SPREAD: &str = "@spread";
/// Pays for a copy of its argument that leaves the expression, and gives it.
pub(super) const GIVEN: &str = "@given";
/// Pays for reading its argument and all that is in it, and gives it.
pub(super) const READ: &str = "@read";
/// Pays for looking for something in its argument, and gives it.
pub(super) const SEARCHED: &str = "@searched";
/// Pays for looking at its argument, and gives it.
pub(super) const SEEN: &str = "@seen";

/// CEL's functions that cost more than the length of what they are given, by the names of those
/// that stand for them.
pub(super) const REPLACED: [(&str, &str); 6] = [
    ("indexOf", "@indexOf"),
    ("join", "@join"),
    ("lastIndexOf", "@lastIndexOf"),
    ("matches", "@matches"),
    ("replace", "@replace"),
    ("split", "@split"),
];

/// Those whose cost is the same whatever they are given; what they give is small.
const CONSTANT: [&str; 11] = [
    "bool",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
];

/// The others that give what is small, whatever they are given.
const GIVE_LITTLE: [&str; 13] = [
    "charAt",
    "contains",
    "double",
    "duration",
    "endsWith",
    "indexOf",
    "int",
    "lastIndexOf",
    "matches",
    "size",
    "startsWith",
    "timestamp",
    "type",
];

/// An expression on its way, with the functions that it pays by.
#[derive(Default)]
pub(super) struct Metering {
    pub(super) uses: BTreeSet<String>,
}

impl Metering {
    /// The expression with its costs, and how many steps it takes once, what its loops repeat and
    /// its definitions do aside.
    pub(super) fn of(&mut self, node: &IdedExpr) -> (IdedExpr, u64) {
        let mut made = node.clone();
        let steps = match &mut made.expr {
            Expr::Literal(LiteralValue::String(text)) => 1 + stretches(text.inner().len()),
            Expr::Literal(_) | Expr::Ident(_) | Expr::Unspecified => 1,
            Expr::Select(select) => 1 + self.replace(&mut select.operand),
            Expr::Call(call) => 1 + self.call(call),
            Expr::List(list) => {
                let items = list.elements.iter_mut();
                1 + items.map(|item| self.paid(item, COPIED)).sum::<u64>()
            }
            Expr::Map(map) => {
                let entries = map.entries.iter_mut();
                1 + entries
                    .map(|entry| match &mut entry.expr {
                        EntryExpr::MapEntry(entry) => {
                            self.paid(&mut entry.key, COPIED) + self.paid(&mut entry.value, COPIED)
                        }
                        EntryExpr::StructField(field) => self.paid(&mut field.value, COPIED),
                    })
                    .sum::<u64>()
            }
            Expr::Struct(_) => 1, // there are no types to make one of
            Expr::Comprehension(loops) => {
                // The interpreter knows loops by their form: their steps keep it.
                let once = self.replace(&mut loops.accu_init) + self.replace(&mut loops.result);
                let each = self.replace(&mut loops.loop_cond) + self.replace(&mut loops.loop_step);
                let range = self.replace(&mut loops.iter_range);
                let each = i64::try_from(each).unwrap_or(i64::MAX);
                let each = Expr::Literal(LiteralValue::Int(CelInt::from(each)));
                let each = IdedExpr {
                    id: loops.iter_range.id,
                    expr: each,
                };
                self.wrap(&mut loops.iter_range, REPEATED, Some(each));
                1 + once + range + 2
            }
        };
        (made, steps)
    }

    fn replace(&mut self, node: &mut IdedExpr) -> u64 {
        let (made, steps) = self.of(node);
        *node = made;
        steps
    }

    /// What pays by this function before it is used, where it may be large.
    fn paid(&mut self, node: &mut IdedExpr, by: &str) -> u64 {
        let is_free = is_little(node) || (by != SEEN && is_new(node));
        let steps = self.replace(node);
        if is_free {
            return steps;
        }
        self.wrap(node, by, None);
        steps + 1
    }

    fn wrap(&mut self, node: &mut IdedExpr, by: &str, more: Option<IdedExpr>) {
        self.uses.insert(by.to_owned());
        let id = node.id;
        let call = CallExpr {
            func_name: by.to_owned(),
            target: None,
            args: std::iter::once(std::mem::take(node)).chain(more).collect(),
        };
        *node = IdedExpr {
            id,
            expr: Expr::Call(call),
        };
    }

    fn call(&mut self, call: &mut CallExpr) -> u64 {
        let name = call.func_name.clone();
        if let Some((_, own)) = REPLACED.iter().find(|(known, _)| *known == name) {
            self.uses.insert((*own).to_owned());
            call.func_name = (*own).to_owned();
            return self.all(call, None);
        }
        match name.as_str() {
            op::ADD => self.all(call, Some(SPREAD)),
            op::EQUALS | op::NOT_EQUALS if !call.args.iter().any(is_literal) => {
                // It goes no further than the shorter one does.
                let mut steps = 0;
                for (number, argument) in call.args.iter_mut().enumerate() {
                    steps += match number {
                        0 => self.paid(argument, READ),
                        _ => self.replace(argument),
                    };
                }
                steps
            }
            op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS
                if !call.args.iter().any(is_literal) =>
            {
                self.all(call, Some(SEEN))
            }
            op::IN | op::INDEX => {
                let is_in = name == op::IN;
                let mut steps = 0;
                for (number, argument) in call.args.iter_mut().enumerate() {
                    steps += match (is_in, number) {
                        (true, 1) => self.paid(argument, SEARCHED),
                        (false, 0) => self.replace(argument),
                        _ => self.paid(argument, SEEN),
                    };
                }
                steps
            }
            "item" | "items" => self.all(call, Some(SEEN)),
            // They are handed copies, whatever it is.
            name if name == "format" || OWN.contains(&name) => self.all(call, Some(GIVEN)),
            name if name == "dyn" || CONSTANT.contains(&name) => self.all(call, None),
            name if STANDARD.contains(&name) => self.all(call, Some(SEEN)),
            // The operators that are left have one number for each of their arguments.
            name if !name.starts_with(|c: char| c.is_ascii_alphabetic()) => self.all(call, None),
            _ => self.all(call, Some(COPIED)), // a definition keeps its arguments
        }
    }

    fn all(&mut self, call: &mut CallExpr, by: Option<&str>) -> u64 {
        let target = call.target.as_deref_mut();
        let mut steps = 0;
        for argument in target.into_iter().chain(&mut call.args) {
            steps += match by {
                Some(by) => self.paid(argument, by),
                None => self.replace(argument),
            };
        }
        steps
    }
}

fn is_literal(node: &IdedExpr) -> bool {
    matches!(node.expr, Expr::Literal(_))
}

/// Whether it can't give what is large. The texts of literals are paid with the expression.
fn is_little(node: &IdedExpr) -> bool {
    match &node.expr {
        Expr::Literal(_) => true,
        // What a loop gathers is its own.
        Expr::Ident(name) => name.starts_with('@') || name == "now",
        Expr::Select(select) => select.test,
        Expr::Call(call) => {
            let name = call.func_name.as_str();
            let of_operators = [
                op::LOGICAL_AND,
                op::LOGICAL_OR,
                op::LOGICAL_NOT,
                op::EQUALS,
                op::NOT_EQUALS,
                op::LESS,
                op::LESS_EQUALS,
                op::GREATER,
                op::GREATER_EQUALS,
                op::IN,
                op::SUBSTRACT,
                op::MULTIPLY,
                op::DIVIDE,
                op::MODULO,
                op::NEGATE,
            ];
            [&CONSTANT[..], &GIVE_LITTLE, &of_operators]
                .iter()
                .any(|all| all.contains(&name))
        }
        _ => false,
    }
}

/// Whether what is in it was paid for when it was made.
fn is_new(node: &IdedExpr) -> bool {
    matches!(node.expr, Expr::List(_) | Expr::Map(_))
}

#[cfg(test)]
mod tests {
    use super::super::budget::too_much;
    use super::super::trial::{metered, plain, with};
    use serde_json::{Value, json};
    use std::time::{Duration, Instant};

    #[test]
    fn an_expression_gives_the_same_with_its_costs() {
        for text in [
            "[1, 2, 3].map(x, x * 2)",
            "[1, 2, 3].map(x, x > 1, [x, 'a'])",
            "[1, 2, 3].filter(x, x > 1) + [4]",
            "[1, 2].all(x, x > 0) && [1, 2].exists(x, x == 2) && [1, 2].exists_one(x, x == 1)",
            "[1, 'a'].exists(x, x > 'b' || x == 1)",
            "{'a': 1, 'b': [2]}.map(k, k).size()",
            "{'a': [1]}['a'][0] == {'b': 1}.b",
            "'a' in {'a': 1} && 'a' in ['b', 'a'] && !('c' in ['a'])",
            "[[1], [2]] == [[1]] + [[2]]",
            "{'a': {'b': 1}} == {'a': {'b': 1u}}",
            "has({'a': 1}.a) ? 'x' + 'y' : 'z'",
            "'%s and %.2f'.format([['a'], 1.5])",
            "type('a') == string && type([]) == list",
            "timestamp('2024-01-01T00:00:00Z') + duration('1h') > timestamp('2024-01-01T00:30:00Z')",
            "'Abc'.upperAscii().substring(1).contains('C') ? b'abc'.size() : 0",
            "1 / 0 == 1 || true",
            "[1, 2][5]",
            "{'a': 1}.b",
            "1 < 'a'",
            "-(1 + 2) * 3 % 4 - 1",
        ] {
            assert_eq!(metered(text).ok(), plain(text).ok(), "{text}");
        }
    }

    /// Definitions that each call the one before several times.
    fn doubling(first: &str, next: &str, times: usize) -> Vec<String> {
        let later = (1..times).map(|number| {
            let before = format!("f{}(x)", number - 1);
            format!("f{number}(x): {}", next.replace("it", &before))
        });
        std::iter::once(format!("f0(x): {first}"))
            .chain(later)
            .collect()
    }

    #[track_caller]
    fn ends(definitions: &[String], text: &str, body: &Value) {
        let definitions: Vec<&str> = definitions.iter().map(String::as_str).collect();
        let start = Instant::now();
        let error = with(&definitions, text, body).expect_err(text);
        assert!(error.contains(&too_much()), "{text}: {error}");
        assert!(error.starts_with("hooks.yaml:"), "{error}");
        let limit = Duration::from_secs(60); // without optimizations, on a busy machine
        assert!(start.elapsed() < limit, "{text}: {:?}", start.elapsed());
    }

    #[test]
    fn definitions_that_call_each_other_end() {
        let calls = doubling("[x]", "[it, it, it, it, it, it, it, it]", 12);
        ends(&calls, "size(f11(1))", &json!({}));
        // What fails is passed over by `||`.
        let calls = doubling("x == 1", "it || it || it || it", 20);
        ends(&calls, "f19(2)", &json!({}));
    }

    #[test]
    fn texts_that_grow_end() {
        ends(&doubling("x", "it + it", 50), "f49('abc')", &json!({}));
        let grown = doubling("x", "it.replace('a', it)", 30);
        ends(&grown, "f29('aaaaaaaa')", &json!({}));
        let text = "a".repeat(1 << 16);
        let body = json!({"text": text, "list": vec![""; 1 << 16]});
        ends(&[], "request.body.list.join(request.body.text)", &body);
        ends(
            &[],
            "request.body.text.replace('', request.body.text)",
            &body,
        );
        ends(&[], "request.body.list.map(x, request.body.text)", &body);
        ends(
            &[],
            "{'a': request.body.list.map(x, request.body.text + 'b')}",
            &body,
        );
        ends(
            &[],
            "request.body.list.map(x, request.body.text.split(''))",
            &body,
        );
    }

    #[test]
    fn loops_in_loops_end() {
        let body = json!({"items": (0..10_000).collect::<Vec<_>>(), "text": "a".repeat(50_000)});
        for text in [
            "I.map(x, I.map(y, [x, y]))",
            "I.filter(x, I.exists(y, I.exists(z, x + y + z < 0)))",
            "I.all(x, I.all(y, x + y >= 0))",
            "I.exists_one(x, I == [x])",
            "I.all(x, I == I)",
            "I.all(x, !(-1 in I))",
            "I.map(x, I)",
            "I.map(x, [I, I, I])",
            "I.map(x, {'a': I})",
            "I.map(x, I + I)",
            "I.all(x, size(T) > 0)",
            "I.all(x, T.contains('b') || true)",
            "I.all(x, T == T)",
            "I.all(x, T <= T)",
            "I.all(x, T.indexOf('b') < 0)",
            "I.all(x, !T.matches('b$'))",
            "I.all(x, ('a' + string(x)).matches('^' + string(x)) || true)",
            "I.all(x, {'b': 1}[T] == 1 || true)",
            "I.all(x, duplicates(I) == [])",
            "I.all(x, sum(I) > 0)",
            "I.all(x, rrule(T) == null)",
            "I.all(x, zoned(I, I, I, I, I, I) == null || true)",
            "I.all(x, addMinutes('10:00', I) == '' || true)",
        ] {
            let text = text.replace('I', "request.body.items");
            ends(&[], &text.replace('T', "request.body.text"), &body);
        }
    }

    #[test]
    fn what_a_large_request_needs_is_evaluated() {
        let body = json!({"items": (0..20_000).collect::<Vec<_>>()});
        let given = with(
            &[],
            "request.body.items.map(x, x + 1).filter(x, x % 2 == 0).size()",
            &body,
        );
        assert_eq!(given, Ok(json!(10_000)));
        let body = json!({"items": (0..200).map(|n| n.to_string()).collect::<Vec<_>>()});
        let twice = "request.body.items.all(x, request.body.items.exists_one(y, y == x))";
        assert_eq!(with(&[], twice, &body), Ok(json!(true)));
    }

    #[test]
    fn definitions_call_each_other_so_deep_and_no_deeper() {
        let chain = |times| {
            let calls = doubling("x + 1", "1 + (it * 1)", times);
            let calls: Vec<&str> = calls.iter().map(String::as_str).collect();
            with(&calls, &format!("f{}(1)", times - 1), &json!({}))
        };
        assert_eq!(chain(42), Ok(json!(43)));
        let error = chain(50).expect_err("too deep");
        let told = "no more than 128 operations hang on each other";
        assert!(error.contains(told), "{error}");
    }
}
