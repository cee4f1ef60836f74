//! `check`: everything that was found, as people or machines read it, and an exit code.

use super::arguments::{Check, Format};
use super::baseline::Baseline;
use super::reports::{self, Case, Examined, Remark, Suite};
use super::style::{Style, clean};
use super::{diagnostic, exit, json_report};
use crate::contract::{AuthSettings, Report, Topic};
use crate::docs::dangling_links;
use crate::host::Host;
use crate::spec::Severity;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn check(arguments: &Check) -> ExitCode {
    let auth = AuthSettings::default();
    let loading = arguments.sources.loading(arguments.strict, "", auth);
    let documents = &arguments.sources.documents;
    let mut reports = Host::check_with(documents, &loading, &dangling_links);
    if let Some(path) = &arguments.baseline {
        match held_against(path, arguments.write_baseline, &mut reports) {
            Ok(told) => tell(&told),
            Err(why) => {
                tell(&format!("error: {}\n", clean(&why)));
                return ExitCode::from(exit::CANNOT_LOAD);
            }
        }
        if arguments.write_baseline {
            return ExitCode::SUCCESS;
        }
    }
    let examined = || examined(&reports, arguments.strict);
    let text = match arguments.format {
        Format::Human => human(&reports, Style::of_stdout()),
        Format::Json => json_report::render(&reports),
        Format::Junit => reports::junit(&examined()),
        Format::Sarif => reports::sarif(&examined()),
        Format::Github => reports::github(&examined()),
        Format::Html => reports::html(&examined()),
    };
    // A closed pipe is the reader's choice, no error of ours.
    let _ = std::io::stdout().write_all(text.as_bytes());
    exit_code(&reports, arguments.strict)
}

fn tell(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Takes out of the reports what a baseline knows, or writes it anew; gives what there is to tell.
fn held_against(path: &Path, is_written: bool, reports: &mut [Report]) -> Result<String, String> {
    let named = clean(&path.display().to_string());
    if is_written {
        let baseline = Baseline::of(reports);
        baseline.write(path)?;
        return Ok(format!(
            "{} in {named}\n",
            counted(baseline.len(), "finding")
        ));
    }
    let (taken, mended) = Baseline::read(path)?.take_from(reports);
    let mut told = String::new();
    if taken > 0 {
        told += &format!("{} of {named} left out\n", counted(taken, "finding"));
    }
    if mended > 0 {
        told += &format!(
            "{} of {named} mended: write it anew by --write-baseline\n",
            counted(mended, "finding")
        );
    }
    Ok(told)
}

/// The findings as reports for CI have them: what was looked at in each document.
fn examined(reports: &[Report], is_strict: bool) -> Examined {
    let suite = |report: &Report| {
        let topics = Topic::ALL.into_iter();
        // Of what can't be read nothing else was looked at.
        let topics = topics.filter(|topic| report.is_loaded || *topic == Topic::Document);
        let case = |topic: Topic| {
            let findings = report.findings.iter();
            let findings = findings.filter(|finding| finding.topic == topic);
            Case {
                rule: topic.name().to_owned(),
                sentence: topic.sentence().to_owned(),
                remarks: findings
                    .map(|finding| Remark::new(finding.severity, &finding.error))
                    .collect(),
            }
        };
        Suite {
            name: report.name.clone(),
            cases: topics.map(case).collect(),
        }
    };
    Examined {
        command: "counterpart check",
        is_strict,
        suites: reports.iter().map(suite).collect(),
    }
}

fn exit_code(reports: &[Report], strict: bool) -> ExitCode {
    let any = |severity: Severity| reports.iter().any(|report| report.count(severity) > 0);
    if reports.iter().any(|report| !report.is_loaded) {
        return ExitCode::from(exit::CANNOT_LOAD);
    }
    match any(Severity::Error) || strict && any(Severity::Warning) {
        true => ExitCode::from(exit::VIOLATIONS),
        false => ExitCode::SUCCESS,
    }
}

fn human(reports: &[Report], style: Style) -> String {
    let mut out = String::new();
    for report in reports {
        out += &diagnostic::found(report.of(Severity::Error), true, style);
        out += &diagnostic::found(report.of(Severity::Warning), false, style);
        if !report.collections.is_empty() {
            out += &format!("{}\n", style.bold("collections:"));
        }
        for collection in &report.collections {
            out += &format!("  {}\n", clean(&collection.to_string()));
        }
        if report.count(Severity::Note) > 0 {
            out += &format!("{}\n", style.bold("read, and not enforced:"));
        }
        for note in report.of(Severity::Note) {
            let (line, column) = note.source.position(&note.place);
            let place = format!("{}:{line}:{column}", note.source.name());
            out += &format!(
                "  {}  {}\n",
                clean(&note.message),
                style.dim(&clean(&place))
            );
        }
        out += &format!("{}\n", closing(report, style));
    }
    out
}

/// One line of what was found in a document.
fn closing(report: &Report, style: Style) -> String {
    let mut facts = Vec::new();
    if report.is_loaded {
        facts.push(counted(report.operations, "operation"));
    } else {
        facts.push("can't be loaded".to_owned());
    }
    let kinds = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ];
    for (severity, what) in kinds {
        match report.count(severity) {
            0 => {}
            count => facts.push(counted(count, what)),
        }
    }
    if facts.len() == 1 && report.is_loaded {
        facts.push("nothing wrong".to_owned());
    }
    format!("{}: {}", style.bold(&clean(&report.name)), facts.join(", "))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
