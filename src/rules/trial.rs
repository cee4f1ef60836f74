//! Expressions evaluated for tests, with their costs and without.

use super::expression::environment;
use super::hooks::{Hooks, Occasion};
use super::model::Known;
use crate::spec::Source;
use cel::{Context, Value as Cel};
use chrono::Utc;
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::Arc;

/// What an expression gives as JSON, by the interpreter alone.
pub(super) fn plain(text: &str) -> Result<Value, String> {
    let program = environment().compile(text).map_err(|_| text.to_owned())?;
    let given = program.execute(&Context::with_env(environment()));
    let given: Cel = given.map_err(|error| error.to_string())?;
    Ok(super::convert::to_json(&given).unwrap_or_else(|| json!(format!("{given:?}"))))
}

/// What it gives as hooks do it.
pub(super) fn metered(text: &str) -> Result<Value, String> {
    with(&[], text, &json!({}))
}

/// The same with definitions and a body, where there is room: without optimizations a call takes
/// twenty times as much of it.
pub(super) fn with(definitions: &[&str], text: &str, body: &Value) -> Result<Value, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(32 << 20);
        let thread = thread.spawn_scoped(scope, || evaluated(definitions, text, body));
        thread.expect("a thread").join().expect("an end")
    })
}

fn evaluated(definitions: &[&str], text: &str, body: &Value) -> Result<Value, String> {
    let mut file = "define:\n".to_owned();
    for definition in definitions {
        let (head, expression) = definition.split_once(": ").unwrap_or_default();
        let _ = writeln!(file, "  {head}: {}", json!(expression));
    }
    let set = json!([{"at": "/headers/given", "to": text}]);
    let _ = writeln!(file, "operations: {{do: {{set: {set}}}}}");
    let known = Known {
        names: vec!["do".to_owned()],
        callbacks: Vec::new(),
    };
    let hooks = Hooks::read(&Arc::new(Source::new("hooks.yaml", file)), &[known]);
    let hooks = hooks.map_err(|all| all.iter().map(ToString::to_string).collect::<String>())?;
    let mut request = json!({"headers": {}, "body": body});
    let occasion = Occasion {
        replies: &json!({}),
        count: 1,
        now: Utc::now(),
    };
    let applied = hooks.apply(0, &mut request, occasion);
    applied.map_err(|fault| fault.to_string())?;
    Ok(request["headers"]["given"].take())
}
