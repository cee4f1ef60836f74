//! `diff`: what has changed between two documents, as people or machines read it, and an exit
//! code.

use super::arguments::{Diff, DiffFormat, FailOn};
use super::json_report::{entry, escaped};
use super::reports::{self, Case, Examined, Remark, Spot, Suite};
use super::style::{Style, clean};
use super::{diagnostic, exit};
use crate::diff::{self, Change, Changes, Told};
use crate::spec::{LoadError, LoadErrors, Place, Reach, Severity};
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

/// How many operations and places of one change are named; the others are counted.
const NAMED: usize = 4;

/// Tells what has changed.
pub(super) fn diff(arguments: &Diff) -> ExitCode {
    let reach = Reach {
        allowed: arguments.allow_ref.clone(),
        ..Reach::default()
    };
    let read = [&arguments.old, &arguments.new].map(|path| diff::open(path, &reach));
    let (old, new) = match read {
        [Ok(old), Ok(new)] => (old, new),
        [old, new] => {
            let errors = [old.err(), new.err()].into_iter().flatten();
            let errors: Vec<_> = errors.flat_map(|LoadErrors(errors)| errors).collect();
            tell(&diagnostic::found(errors.iter(), true, Style::of_stderr()));
            let text = failure(arguments.format, &errors);
            // A closed pipe is the reader's choice, no error of ours.
            let _ = std::io::stdout().write_all(text.as_bytes());
            return ExitCode::from(exit::CANNOT_LOAD);
        }
    };
    let changes = diff::changes(&old, &new);
    tell(&diagnostic::warnings(&changes.unread, Style::of_stderr()));
    let text = match arguments.format {
        DiffFormat::Human => human(&changes, Style::of_stdout()),
        DiffFormat::Json => escaped(&format!("{:#}\n", machine(&changes))),
        DiffFormat::Markdown => changes.markdown(),
        DiffFormat::Junit => reports::junit(&examined(&changes, arguments.fail_on)),
        DiffFormat::Sarif => reports::sarif(&examined(&changes, arguments.fail_on)),
        DiffFormat::Github => reports::github(&examined(&changes, arguments.fail_on)),
        DiffFormat::Html => reports::html(&examined(&changes, arguments.fail_on)),
    };
    // A closed pipe is the reader's choice, no error of ours.
    let _ = std::io::stdout().write_all(text.as_bytes());
    let fails = match arguments.fail_on {
        FailOn::Breaking => changes.breaking() > 0,
        FailOn::Any => !changes.all.is_empty(),
        FailOn::Never => false,
    };
    match fails {
        true => ExitCode::from(exit::VIOLATIONS),
        false => ExitCode::SUCCESS,
    }
}

/// What a machine reads where the documents can't be: the errors, as reports have them. People have
/// read them already.
fn failure(format: DiffFormat, errors: &[LoadError]) -> String {
    let all = || reports::failed("counterpart diff", "document", errors);
    match format {
        DiffFormat::Human | DiffFormat::Markdown => String::new(),
        DiffFormat::Json => {
            let entries = errors
                .iter()
                .map(|error| entry(Severity::Error, "load", error));
            let report = json!({"changes": [], "errors": entries.collect::<Vec<_>>()});
            escaped(&format!("{report:#}\n"))
        }
        DiffFormat::Junit => reports::junit(&all()),
        DiffFormat::Sarif => reports::sarif(&all()),
        DiffFormat::Github => reports::github(&all()),
        DiffFormat::Html => reports::html(&all()),
    }
}

fn tell(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn human(changes: &Changes, style: Style) -> String {
    let mut out = String::new();
    for told in changes.told() {
        let first = told.changes[0];
        let class = match first.is_breaking() {
            true => style.breaking(first.class()),
            false => style.dim(first.class()),
        };
        out += &format!("{class}: {}\n", clean(&told.sentence));
        let operations = changes.names(&told.operations);
        if !operations.is_empty() && !told.sentence.starts_with(&format!("`{}`", operations[0])) {
            out += &format!("  {}\n", clean(&some(&operations)));
        }
        let places: Vec<String> = told.changes.iter().copied().map(places).collect();
        for place in places.iter().take(NAMED) {
            out += &format!("  {}\n", style.dim(&clean(place)));
        }
        if places.len() > NAMED {
            let rest = format!("and {} other places", places.len() - NAMED);
            out += &format!("  {}\n", style.dim(&rest));
        }
        out.push('\n');
    }
    if changes.is_cut {
        out += "The documents differ in more than is told here.\n\n";
    }
    out + &format!("{}\n", style.bold(&clean(&changes.summary())))
}

/// The names of some operations, and how many others there are.
fn some(names: &[&str]) -> String {
    match names.len() {
        count if count > NAMED + 1 => {
            format!("{} and {} others", names[..NAMED].join(", "), count - NAMED)
        }
        _ => names.join(", "),
    }
}

/// Where something stood, and where it stands.
fn places(change: &Change) -> String {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (Some(old), None) => format!("{old}, gone"),
        (None, Some(new)) => format!("{new}, new"),
        (None, None) => String::new(),
    }
}

/// The changes as reports for CI have them: what lets the exit code be 1 is an error.
fn examined(changes: &Changes, fail_on: FailOn) -> Examined {
    let [breaking, compatible] = match fail_on {
        FailOn::Any => [Severity::Error, Severity::Error],
        FailOn::Breaking => [Severity::Error, Severity::Note],
        FailOn::Never => [Severity::Warning, Severity::Note],
    };
    let told = changes.told();
    let case = |rule: &str, sentence: &str, severity, is_of: &dyn Fn(&Change) -> bool| {
        let own = told.iter().filter(|told| is_of(told.changes[0]));
        Case {
            rule: rule.to_owned(),
            sentence: sentence.to_owned(),
            remarks: own.map(|told| remark(changes, told, severity)).collect(),
        }
    };
    let replies_alone = |change: &Change| change.breaks_replies && !change.breaks_requests;
    let cases = [
        case(
            "breaking-requests",
            "What clients could send they still can",
            breaking,
            &|change| change.breaks_requests,
        ),
        case(
            "breaking-replies",
            "What is sent to clients is what they had to expect",
            breaking,
            &replies_alone,
        ),
        case(
            "compatible",
            "Nothing else has changed",
            compatible,
            &|change| !change.is_breaking(),
        ),
    ];
    Examined {
        command: "counterpart diff",
        is_strict: false,
        suites: vec![Suite {
            name: changes.new.file.clone(),
            cases: cases.into(),
        }],
    }
}

/// A change, where it stands now, or stood.
fn remark(changes: &Changes, told: &Told<'_>, severity: Severity) -> Remark {
    let first = told.changes[0];
    let operations = changes.names(&told.operations);
    let concerned = (!operations.is_empty()).then(|| format!("it concerns {}", some(&operations)));
    let places = told.changes.iter().take(NAMED).copied().map(places);
    let help: Vec<String> = concerned
        .into_iter()
        .chain(places.filter(|place| !place.is_empty()))
        .collect();
    let help = Some(help.join("\n")).filter(|help| !help.is_empty());
    match first.new.as_ref().or(first.old.as_ref()) {
        Some(origin) => {
            let place = Place::Key(origin.pointer.clone());
            let error = LoadError::new(&origin.source, place, &told.sentence);
            Remark {
                help,
                ..Remark::new(severity, &error)
            }
        }
        None => Remark {
            severity,
            message: told.sentence.clone(),
            help,
            spot: Spot {
                file: changes.new.file.clone(),
                lines: None,
                pointer: None,
            },
        },
    }
}

fn machine(changes: &Changes) -> Value {
    let side = |side: &diff::Side| json!({"title": side.title, "version": side.version, "file": side.file});
    let all: Vec<Value> = changes
        .all
        .iter()
        .map(|change| {
            let [old, new] = [&change.old, &change.new].map(|origin| {
                let origin = origin.as_ref()?;
                let place = Place::Key(origin.pointer.clone());
                let (line, column) = origin.source.position(&place);
                Some(json!({
                    "file": origin.source.name(),
                    "line": line,
                    "column": column,
                    "pointer": origin.pointer.as_str(),
                }))
            });
            json!({
                "kind": change.kind,
                "breaks": {"requests": change.breaks_requests, "replies": change.breaks_replies},
                "message": changes.sentence(change),
                "operations": changes.names(&change.operations),
                "old": old,
                "new": new,
            })
        })
        .collect();
    json!({
        "old": side(&changes.old),
        "new": side(&changes.new),
        "breaking": changes.breaking(),
        "compatible": changes.all.len() - changes.breaking(),
        "cut": changes.is_cut,
        "changes": all,
    })
}
