//! A baseline: the findings that are known, so that a contract that isn't perfect can be held to
//! becoming no worse. A finding is the same wherever its lines have moved to: it is known by its
//! file, its JSON Pointer and what it says.

use super::json_report::escaped;
use super::whole::write_whole;
use crate::contract::{Finding, Report};
use crate::spec::{Place, Severity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What is known, and how often.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Baseline(BTreeMap<Known, usize>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    pointer: String,
    message: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    findings: Vec<Known>,
}

impl Baseline {
    /// Reads one.
    ///
    /// # Errors
    /// Why it can't be, as a sentence that names it.
    pub(super) fn read(path: &Path) -> Result<Baseline, String> {
        let named = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
        let text = std::fs::read_to_string(path).map_err(|why| named(&why))?;
        let file: File = serde_json::from_str(&text).map_err(|why| named(&why))?;
        let mut known = Baseline::default();
        for finding in file.findings {
            *known.0.entry(finding).or_default() += 1;
        }
        Ok(known)
    }

    /// That of what was found. Notes are no findings that anything could become worse by.
    pub(super) fn of(reports: &[Report]) -> Baseline {
        let mut known = Baseline::default();
        let findings = reports.iter().flat_map(|report| &report.findings);
        for finding in findings.filter(|finding| counts(finding)) {
            *known.0.entry(Known::of(finding)).or_default() += 1;
        }
        known
    }

    /// Writes it as JSON, in an order that keeps the differences between two of them small.
    ///
    /// # Errors
    /// Why it can't be, as a sentence that names it.
    pub(super) fn write(&self, path: &Path) -> Result<(), String> {
        let all = self.0.iter();
        let findings = all.flat_map(|(known, count)| std::iter::repeat_n(known.clone(), *count));
        let findings: Vec<Known> = findings.collect();
        let text = serde_json::to_string_pretty(&File { findings });
        let text = text.map_err(|why| why.to_string())?;
        let written = write_whole(path, &format!("{}\n", escaped(&text)));
        written.map_err(|why| format!("{}: {why}", path.display()))
    }

    /// Takes out of reports what is known. Gives how many those were, and how many are known that
    /// weren't found.
    pub(super) fn take_from(mut self, reports: &mut [Report]) -> (usize, usize) {
        let mut taken = 0;
        for report in reports {
            report.findings.retain(|finding| {
                let known = self.0.get_mut(&Known::of(finding));
                let Some(left) = known.filter(|left| **left > 0 && counts(finding)) else {
                    return true;
                };
                *left -= 1;
                taken += 1;
                false
            });
        }
        (taken, self.0.values().sum())
    }

    /// How many findings it has.
    pub(super) fn len(&self) -> usize {
        self.0.values().sum()
    }
}

fn counts(finding: &Finding) -> bool {
    finding.severity != Severity::Note
}

impl Known {
    fn of(finding: &Finding) -> Known {
        let error = &finding.error;
        let pointer = match &error.place {
            Place::Value(pointer) | Place::Key(pointer) | Place::Inside(pointer, _) => {
                pointer.to_string()
            }
            Place::File | Place::Span(_) => String::new(),
        };
        Known {
            file: error.source.name().to_owned(),
            pointer,
            message: error.message.clone(),
        }
    }
}
