//! What of the contracts was covered, as a server that stops leaves it behind: JSON for machines,
//! Markdown for a job's summary, a page for people.

use super::json_report::escaped;
use super::reports::{STYLE, markup};
use super::style::clean;
use super::whole::write_whole;
use crate::server::{ApiReport, Covered, Kind, Uncovered};
use std::path::Path;

/// How many of the points that aren't covered a file lists of each API.
pub(super) const LISTED: usize = 10_000;
/// How many of them Markdown has, as a job's summary is short.
const TOLD: usize = 50;

/// Whether a name says by its end in which form the file is.
pub(super) fn is_known(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let known = ["json", "html", "htm", "md", "markdown"];
    extension.is_some_and(|own| known.iter().any(|known| own.eq_ignore_ascii_case(known)))
}

/// Writes a file, in the form that its name ends in: `.json`, `.html`, else Markdown.
///
/// # Errors
/// Why it can't be written, as a sentence that names it.
pub(super) fn write(path: &Path, covered: Covered) -> Result<(), String> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let text = match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("json") => escaped(&format!("{:#}\n", covered.json())),
        Some("html" | "htm") => page(&covered),
        _ => markdown(&covered),
    };
    let written = write_whole(path, &text);
    written.map_err(|why| format!("{} can't be written: {why}", path.display()))
}

/// The operations that nobody asked for, by API.
pub(super) fn unasked(covered: &Covered) -> impl Iterator<Item = (&str, &str)> {
    covered.apis.iter().flat_map(|api| {
        let points = api.uncovered.iter();
        let operations = points.filter(|point| point.kind == Kind::Operation);
        operations.map(|point| (api.api.as_str(), point.operation.as_str()))
    })
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Operation => "operations",
        Kind::Status => "statuses",
        Kind::RequestMediaType => "media types of requests",
        Kind::ReplyMediaType => "media types of replies",
        Kind::Parameter => "parameters",
        Kind::RequestProperty => "properties of requests",
        Kind::ReplyProperty => "properties of replies",
        Kind::Value => "values of enums",
        Kind::Branch => "alternatives",
    }
}

/// A share in percent, rounded down: what isn't whole isn't 100.
fn percent(covered: usize, all: usize) -> String {
    match all {
        0 => "–".to_owned(),
        all => {
            let tenths = covered * 1_000 / all;
            format!("{}.{} %", tenths / 10, tenths % 10)
        }
    }
}

fn markdown(covered: &Covered) -> String {
    let mut out = format!("# Coverage\n\n{}\n", counted(covered));
    for api in &covered.apis {
        let (some, all) = api.totals();
        out += &format!("\n## {}: {}\n\n", cell(&api.api), percent(some, all));
        out += "| | covered | of | |\n|---|---:|---:|---:|\n";
        for (kind, some, all) in shown(api) {
            let share = percent(*some, *all);
            out += &format!("| {} | {some} | {all} | {share} |\n", words(*kind));
        }
        if !api.uncovered.is_empty() {
            out += "\n| not covered | | declared in |\n|---|---|---|\n";
        }
        for point in api.uncovered.iter().take(TOLD) {
            out += &format!(
                "| {} | {} | {} |\n",
                cell(&point.operation),
                cell(what(point)),
                cell(&point.source)
            );
        }
        let more = api.uncovered.len().saturating_sub(TOLD) + api.omitted;
        if more > 0 {
            out += &format!("\n…and {more} more.\n");
        }
        for (rule, count) in &api.rules {
            let times = if *count == 1 { "request" } else { "requests" };
            out += &format!("\nThe rule at {} refused {count} {times}.\n", cell(rule));
        }
    }
    out
}

/// What a point is; of an operation that its name says already.
fn what(point: &Uncovered) -> &str {
    match point.kind {
        Kind::Operation => "nobody asked for it",
        _ => &point.what,
    }
}

fn counted(covered: &Covered) -> String {
    let exchanges = covered.exchanges;
    let noun = if exchanges == 1 {
        "exchange"
    } else {
        "exchanges"
    };
    let lost = match covered.lost {
        0 => String::new(),
        lost => format!("; {lost} were given up before they were counted (`--journal`)"),
    };
    format!("Of {exchanges} {noun}{lost}.")
}

/// The kinds of which there is anything.
fn shown(api: &ApiReport) -> impl Iterator<Item = &(Kind, usize, usize)> {
    api.kinds.iter().filter(|(_, _, all)| *all > 0)
}

/// A text of a document in a cell of a table.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in clean(text).chars() {
        if matches!(
            c,
            '|' | '\\' | '`' | '*' | '_' | '<' | '[' | ']' | '&' | '#'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn page(covered: &Covered) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
         'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Coverage</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Coverage</h1>\n<p>{}</p>\n",
        markup(&counted(covered))
    );
    for api in &covered.apis {
        let (some, all) = api.totals();
        out += &format!(
            "<h2 dir=\"auto\">{}: {}</h2>\n<table>\n<thead><tr><th scope=\"col\">kind</th>\
             <th scope=\"col\">covered</th><th scope=\"col\">of</th><th scope=\"col\">share</th>\
             </tr></thead>\n<tbody>\n",
            markup(&api.api),
            percent(some, all)
        );
        for (kind, some, all) in shown(api) {
            out += &format!(
                "<tr><th scope=\"row\">{}</th><td>{some}</td><td>{all}</td><td>{}</td></tr>\n",
                words(*kind),
                percent(*some, *all)
            );
        }
        out += "</tbody>\n</table>\n";
        if !api.uncovered.is_empty() {
            out += "<h3>Not covered</h3>\n<ul>\n";
        }
        let mut last = "";
        for point in &api.uncovered {
            // Points stand by their operations.
            if point.operation != last {
                out += if last.is_empty() { "" } else { "</ul></li>\n" };
                out += &format!(
                    "<li class=\"case\"><strong>{}</strong><ul>\n",
                    markup(&point.operation)
                );
                last = &point.operation;
            }
            out += &format!(
                "<li class=\"remark\"><span dir=\"auto\">{}</span> <code>{}</code></li>\n",
                markup(what(point)),
                markup(&point.source)
            );
        }
        if !api.uncovered.is_empty() {
            out += "</ul></li>\n</ul>\n";
        }
        if api.omitted > 0 {
            out += &format!("<p>…and {} more.</p>\n", api.omitted);
        }
        for (rule, count) in &api.rules {
            let times = if *count == 1 { "request" } else { "requests" };
            out += &format!(
                "<p>The rule at <code>{}</code> refused {count} {times}.</p>\n",
                markup(rule)
            );
        }
    }
    out + "</main>\n</body>\n</html>\n"
}
