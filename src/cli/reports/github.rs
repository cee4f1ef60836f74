//! Workflow commands of GitHub Actions: each shows on the line of the file that it names.

use super::repository::named;
use super::{Examined, Lines, name};
use crate::cli::style::clean;
use crate::spec::Severity;

/// Writes the report: an annotation for each remark, errors first, as GitHub shows the first ten of
/// each kind.
pub(in crate::cli) fn render(all: &Examined) -> String {
    let mut out = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        for case in all.cases() {
            let remarks = case.remarks.iter();
            for remark in remarks.filter(|remark| remark.severity == severity) {
                let command = match severity {
                    Severity::Note => "notice",
                    Severity::Warning if all.is_strict => "error",
                    severity => name(severity),
                };
                let mut place = format!("file={}", property(&named(&remark.spot.file)));
                if let Some(lines) = remark.spot.lines {
                    let Lines {
                        line,
                        column,
                        end_column,
                    } = lines;
                    place += &format!(",line={line},col={column},endColumn={end_column}");
                }
                let title = property(&format!("{}: {}", all.command, case.rule));
                let mut message = remark.message.clone();
                if let Some(help) = &remark.help {
                    message += &format!("\nhelp: {help}");
                }
                let message = data(&message);
                out += &format!("::{command} {place},title={title}::{message}\n");
            }
        }
    }
    out
}

/// A message: a line break would end the command, and begin what may be another.
fn data(text: &str) -> String {
    let lines = text.lines().map(|line| clean(line).replace('%', "%25"));
    lines.collect::<Vec<_>>().join("%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
