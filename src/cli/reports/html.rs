//! A page in one file, which asks for nothing: to be kept beside a build.

use super::escape::markup;
use super::{Case, Examined, name};

/// How a page in one file looks.
pub(in crate::cli) const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8884;--error:#c02;--warning:#a60;--good:#182}\
@media(prefers-color-scheme:dark){:root{--error:#f78;--warning:#fb5;--good:#7d8}}\
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.5rem}h2{font-size:1.2rem;margin:2rem 0 .5rem;overflow-wrap:anywhere}\
ul{list-style:none;padding:0;margin:0}.case{border-top:1px solid var(--line);padding:.5rem 0}\
table{border-collapse:collapse}th,td{padding:.1rem .75rem .1rem 0;text-align:start}td{text-align:end}\
h3{font-size:1rem;margin:1.5rem 0 .25rem}.remark{margin:.25rem 0 .25rem 1rem;overflow-wrap:anywhere}\
.error,.failed{color:var(--error)}.warning{color:var(--warning)}.passed{color:var(--good)}\
code,pre{font-family:ui-monospace,monospace;font-size:.875em;overflow-wrap:anywhere;\
white-space:pre-wrap}pre{margin:0}";

/// Writes the report.
pub(in crate::cli) fn render(all: &Examined) -> String {
    let failed = all.cases().filter(|case| has_failed(case, all)).count();
    let verdict = match failed {
        0 => "Nothing fails".to_owned(),
        1 => "1 of what was looked at fails".to_owned(),
        count => format!("{count} of what was looked at fail"),
    };
    let title = markup(all.command);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
         'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}: {verdict}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p>{verdict}, of {}.</p>\n",
        all.cases().count()
    );
    for suite in &all.suites {
        out += &format!("<h2 dir=\"auto\">{}</h2>\n<ul>\n", markup(&suite.name));
        for case in &suite.cases {
            out += &of_case(case, all);
        }
        out += "</ul>\n";
    }
    out + "</main>\n</body>\n</html>\n"
}

fn has_failed(case: &Case, all: &Examined) -> bool {
    case.failures(all).next().is_some()
}

fn of_case(case: &Case, all: &Examined) -> String {
    let (class, word) = match has_failed(case, all) {
        true => ("failed", "failed"),
        false => ("passed", "passed"),
    };
    let mut out = format!(
        "<li class=\"case\"><strong class=\"{class}\">{word}</strong> {} <code>{}</code>\n",
        markup(&case.sentence),
        markup(&case.rule)
    );
    if !case.remarks.is_empty() {
        out += "<ul>\n";
    }
    for remark in &case.remarks {
        let severity = name(remark.severity);
        out += &format!(
            "<li class=\"remark\"><strong class=\"{severity}\">{severity}</strong> \
             <span dir=\"auto\">{}</span><br><code>{}</code>\n",
            markup(&remark.message),
            markup(&remark.spot.to_string())
        );
        if let Some(help) = &remark.help {
            out += &format!("<pre>{}</pre>\n", markup(help));
        }
        out += "</li>\n";
    }
    if !case.remarks.is_empty() {
        out += "</ul>\n";
    }
    out + "</li>\n"
}
