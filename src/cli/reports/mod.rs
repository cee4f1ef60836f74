//! Reports for platforms of CI: JUnit XML, SARIF, GitHub's annotations, a page in one file. Takes
//! what a command examined and found; knows nothing of how.

mod escape;
mod github;
mod html;
mod junit;
mod repository;
mod sarif;

pub(super) use escape::markup;
pub(super) use github::render as github;
pub(super) use html::{STYLE, render as html};
pub(super) use junit::render as junit;
pub(super) use sarif::render as sarif;

use crate::cli::style::clean;
use crate::spec::{LoadError, Place, Severity};

/// What a command examined, and what it found.
#[derive(Debug)]
pub(super) struct Examined {
    /// The command, as a person types it: `counterpart check`.
    pub(super) command: &'static str,
    /// Whether warnings count as errors do.
    pub(super) is_strict: bool,
    /// A suite for each document.
    pub(super) suites: Vec<Suite>,
}

/// What was examined of a document.
#[derive(Debug)]
pub(super) struct Suite {
    /// The document, as it was named.
    pub(super) name: String,
    /// What was looked at, whether or not anything was found.
    pub(super) cases: Vec<Case>,
}

/// One thing that was looked at.
#[derive(Debug)]
pub(super) struct Case {
    /// Its name for machines, the same from version to version.
    pub(super) rule: String,
    /// What is right where nothing is found, as a sentence.
    pub(super) sentence: String,
    /// What was found.
    pub(super) remarks: Vec<Remark>,
}

/// One thing that was found.
#[derive(Debug)]
pub(super) struct Remark {
    pub(super) severity: Severity,
    /// What is wrong, as a sentence.
    pub(super) message: String,
    /// What would mend it, or how it is seen again.
    pub(super) help: Option<String>,
    /// Where it is.
    pub(super) spot: Spot,
}

/// Where something is, as people count: from 1, in characters. Without lines it is all of a file.
#[derive(Debug)]
pub(super) struct Spot {
    pub(super) file: String,
    pub(super) lines: Option<Lines>,
    /// The JSON Pointer.
    pub(super) pointer: Option<String>,
}

/// Where something begins and ends, which is behind its last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_column: usize,
}

impl Examined {
    /// Whether a remark is a failure, or is only told.
    fn fails(&self, remark: &Remark) -> bool {
        match remark.severity {
            Severity::Error => true,
            Severity::Warning => self.is_strict,
            Severity::Note => false,
        }
    }

    fn cases(&self) -> impl Iterator<Item = &Case> {
        self.suites.iter().flat_map(|suite| &suite.cases)
    }
}

/// What a command comes to that can't do what it is for: its errors.
pub(super) fn failed(command: &'static str, rule: &str, errors: &[LoadError]) -> Examined {
    let mut suites: Vec<Suite> = Vec::new();
    for error in errors {
        let remark = Remark::new(Severity::Error, error);
        let name = &remark.spot.file;
        match suites.iter_mut().find(|suite| suite.name == *name) {
            Some(suite) => suite.cases[0].remarks.push(remark),
            None => suites.push(Suite {
                name: name.clone(),
                cases: vec![Case {
                    rule: rule.to_owned(),
                    sentence: "It can be read and asked".to_owned(),
                    remarks: vec![remark],
                }],
            }),
        }
    }
    Examined {
        command,
        is_strict: false,
        suites,
    }
}

impl Case {
    fn failures<'c>(&'c self, all: &'c Examined) -> impl Iterator<Item = &'c Remark> {
        self.remarks.iter().filter(|remark| all.fails(remark))
    }
}

impl Remark {
    /// One about something in a file.
    pub(super) fn new(severity: Severity, error: &LoadError) -> Remark {
        Remark {
            severity,
            message: error.message.clone(),
            help: error.help.clone(),
            spot: Spot::of(error),
        }
    }

    /// `file:line:column: severity: message`, as compilers tell it, with the help on a line below.
    fn line(&self) -> String {
        // A line of a document's own could pass for one of the report, or command a build.
        let message = clean(&self.message);
        let mut out = format!("{}: {}: {message}", self.spot, name(self.severity));
        for (number, line) in self.help.iter().flat_map(|help| help.lines()).enumerate() {
            let lead = if number == 0 { "help: " } else { "      " };
            out += &format!("\n  {lead}{}", clean(line));
        }
        out
    }
}

impl Spot {
    fn of(error: &LoadError) -> Spot {
        let source = &error.source;
        let lines = || {
            let (line, column) = source.position(&error.place);
            let covered = source.text().get(source.span(&error.place));
            let width = covered.map_or(1, |covered| covered.chars().count().max(1));
            Lines {
                line,
                column,
                end_column: column + width,
            }
        };
        let (lines, pointer) = match &error.place {
            Place::File => (None, None),
            Place::Span(_) => (Some(lines()), None),
            Place::Value(pointer) | Place::Key(pointer) | Place::Inside(pointer, _) => {
                (Some(lines()), Some(pointer.to_string()))
            }
        };
        Spot {
            file: source.name().to_owned(),
            lines,
            pointer,
        }
    }
}

impl std::fmt::Display for Spot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.lines {
            Some(Lines { line, column, .. }) => write!(f, "{}:{line}:{column}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// A severity as every report names it.
pub(super) fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
