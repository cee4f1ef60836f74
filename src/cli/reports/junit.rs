//! JUnit XML, as GitLab, Jenkins and most others read it: a suite for each document, a case for each
//! thing that was looked at. It has no schema of its own; this keeps to what the schemas of Jenkins
//! and of Apache Ant have in common.

use super::escape::{attribute, markup};
use super::{Examined, Suite};

/// Writes the report.
pub(in crate::cli) fn render(all: &Examined) -> String {
    let count = |suites: &[Suite]| -> (usize, usize) {
        let cases = || suites.iter().flat_map(|suite| &suite.cases);
        let failed = cases().filter(|case| case.failures(all).next().is_some());
        (cases().count(), failed.count())
    };
    let (tests, failures) = count(&all.suites);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" tests=\"{tests}\" \
         failures=\"{failures}\" errors=\"0\">\n",
        attribute(all.command)
    );
    for suite in &all.suites {
        let (tests, failures) = count(std::slice::from_ref(suite));
        let name = attribute(&suite.name);
        out += &format!(
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" \
             skipped=\"0\">\n"
        );
        for case in &suite.cases {
            out += &format!(
                "    <testcase classname=\"{name}\" name=\"{}\"",
                attribute(&case.sentence)
            );
            let failed: Vec<String> = case.failures(all).map(super::Remark::line).collect();
            let told = case.remarks.iter().filter(|remark| !all.fails(remark));
            let told: Vec<String> = told.map(super::Remark::line).collect();
            if failed.is_empty() && told.is_empty() {
                out += "/>\n";
                continue;
            }
            out += ">\n";
            if let Some(first) = case.failures(all).next() {
                let message = match failed.len() {
                    1 => first.message.clone(),
                    count => format!("{} (and {} more)", first.message, count - 1),
                };
                out += &format!(
                    "      <failure message=\"{}\" type=\"{}\">{}</failure>\n",
                    attribute(&message),
                    attribute(&case.rule),
                    markup(&failed.join("\n"))
                );
            }
            if !told.is_empty() {
                let told = markup(&told.join("\n"));
                out += &format!("      <system-out>{told}</system-out>\n");
            }
            out += "    </testcase>\n";
        }
        out += "  </testsuite>\n";
    }
    out + "</testsuites>\n"
}
