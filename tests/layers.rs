//! The house plan, held: who imports whom, which crate has which door, and what `src` never says.
//!
//! Reads the sources as tokens, so that a comment or a text is no import, and an import that is
//! written out in the middle of an expression is one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The parts from the bottom to the top, and what each may import of ours.
const LAYERS: [(&str, &[&str]); 21] = [
    ("wire", &[]),
    ("spec", &["wire"]),
    ("diff", &["wire", "spec"]),
    ("route", &["wire", "spec"]),
    ("decode", &["wire", "spec"]),
    ("encode", &["wire", "spec", "decode"]),
    ("validate", &["wire", "spec", "decode"]),
    ("access", &["wire", "spec", "decode", "validate"]),
    ("sample", &["wire", "spec", "decode", "validate"]),
    ("faults", &["wire", "sample"]),
    ("store", &["wire"]),
    ("rules", &["wire", "spec", "store"]),
    ("mock", MOCKS),
    ("contract", BELOW_THE_SPINES),
    (
        "exchange",
        &[
            "wire", "spec", "route", "decode", "encode", "validate", "access", "sample", "faults",
            "store", "rules", "mock", "contract",
        ],
    ),
    (
        "host",
        &[
            "wire", "spec", "route", "decode", "encode", "validate", "sample", "store", "rules",
            "mock", "faults", "contract", "exchange",
        ],
    ),
    (
        "coverage",
        &[
            "wire", "spec", "decode", "validate", "mock", "contract", "exchange", "host",
        ],
    ),
    (
        "verify",
        &[
            "wire", "spec", "route", "decode", "encode", "validate", "sample", "rules", "mock",
            "contract", "exchange",
        ],
    ),
    (
        "docs",
        &[
            "wire", "spec", "route", "diff", "encode", "validate", "sample", "store", "rules",
            "mock", "contract", "exchange", "host",
        ],
    ),
    (
        "server",
        &[
            "wire", "spec", "route", "decode", "encode", "validate", "sample", "store", "rules",
            "mock", "faults", "contract", "exchange", "host", "coverage", "docs",
        ],
    ),
    (
        "cli",
        &[
            "wire", "spec", "diff", "validate", "faults", "contract", "exchange", "host", "verify",
            "server", "docs",
        ],
    ),
];
const MOCKS: &[&str] = &[
    "wire", "spec", "route", "decode", "encode", "validate", "sample", "store", "rules",
];
const BELOW_THE_SPINES: &[&str] = &[
    "wire", "spec", "route", "decode", "encode", "validate", "access", "sample", "store", "rules",
    "mock",
];

/// What the command line may take from a part whose insides are none of its business.
const FOR_CLI: [(&str, &[&str]); 2] = [
    (
        "spec",
        // `Source` and `nearest` for its own file of settings, whose errors look like all others.
        &[
            "LoadError",
            "LoadErrors",
            "Place",
            "Reach",
            "Severity",
            "Source",
            "nearest",
        ],
    ),
    ("validate", &["Violation", "Place"]),
];

/// The crates that have a door, and the parts that are it.
const DOORS: [(&str, &[&str]); 40] = [
    ("regex", &["rules", "spec"]),
    ("regex_syntax", &["sample"]),
    ("fancy_regex", &["validate"]),
    ("fluent_uri", &["spec"]),
    ("boxcar", &["spec", "validate"]),
    ("openapiv3", &["spec"]),
    ("granit_parser", &["spec"]),
    ("quick_xml", &["decode"]),
    ("flate2", &["decode"]),
    ("brotli_decompressor", &["decode"]),
    ("jsonschema", &["validate"]),
    ("ring", &["access", "encode", "store"]),
    ("md5", &["access", "encode"]),
    ("maud", &["docs"]),
    ("pulldown_cmark", &["docs"]),
    ("memchr", &["server"]),
    ("arc_swap", &["store", "mock", "server"]),
    ("foldhash", &["store"]),
    ("redb", &["store"]),
    ("redis", &["store"]),
    ("cel", &["rules"]),
    ("rrule", &["rules"]),
    ("language_tags", &["rules"]),
    ("chrono_tz", &["rules"]),
    ("axum", &["server"]),
    ("hyper", &["server"]),
    ("hyper_util", &["server"]),
    ("rustls", &["server"]),
    ("rustls_native_certs", &["server"]),
    ("tokio_rustls", &["server"]),
    ("utoipa", &["server"]),
    ("utoipa_swagger_ui", &["server"]),
    ("tower_layer", &["server"]),
    ("tower_service", &["server"]),
    ("tokio", &["server", "cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("toml", &["cli"]),
    ("annotate_snippets", &["cli"]),
];

/// Of tokio the command line has the runtime that the server runs in, and what waiting for the
/// signals that end it takes.
const TOKIO_FOR_CLI: [&str; 5] = ["runtime", "signal", "select", "sync", "time"];

/// Words of the four shipped APIs: their names, their collections, their operations' subjects.
const FOREIGN: [&str; 12] = [
    "workspace",
    "workspaces",
    "booking",
    "bookings",
    "live",
    "appointment",
    "appointments",
    "session",
    "sessions",
    "subscriber",
    "subscribers",
    "onlivesite",
];

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Mark(char),
}

/// Rust as tokens, without comments. `::` is two marks.
fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut tokens = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        if c == '/' && at(i + 1) == '/' {
            while i < chars.len() && chars[i] != '\n' {
                i += 1;
            }
        } else if c == '/' && at(i + 1) == '*' {
            let mut depth = 0;
            loop {
                match (at(i), at(i + 1)) {
                    ('/', '*') => (depth, i) = (depth + 1, i + 2),
                    ('*', '/') => (depth, i) = (depth - 1, i + 2),
                    _ => i += 1,
                }
                if depth == 0 || i >= chars.len() {
                    break;
                }
            }
        } else if c.is_alphanumeric() || c == '_' {
            let start = i;
            while at(i).is_alphanumeric() || at(i) == '_' {
                i += 1;
            }
            let word: String = chars[start..i].iter().collect();
            let is_prefix = ["r", "b", "br", "c", "cr"].contains(&word.as_str());
            let hashes = (i..).take_while(|&n| at(n) == '#').count();
            if is_prefix && word.contains('r') && at(i + hashes) == '"' {
                let end: Vec<char> = std::iter::once('"')
                    .chain(std::iter::repeat_n('#', hashes))
                    .collect();
                i += hashes + 1;
                let start = i;
                while i < chars.len() && !chars[i..].starts_with(&end) {
                    i += 1;
                }
                tokens.push(Token::Text(chars[start..i].iter().collect()));
                i += end.len();
            } else if !(is_prefix && at(i) == '"' || word == "b" && at(i) == '\'') {
                tokens.push(Token::Word(word));
            }
        } else if c == '"' {
            let start = i + 1;
            i = start;
            while i < chars.len() && chars[i] != '"' {
                i += if chars[i] == '\\' { 2 } else { 1 };
            }
            tokens.push(Token::Text(
                chars[start..i.min(chars.len())].iter().collect(),
            ));
            i += 1;
        } else if c == '\'' && (at(i + 1) == '\\' || at(i + 2) == '\'') {
            i += if at(i + 1) == '\\' { 3 } else { 2 };
            while i < chars.len() && chars[i] != '\'' {
                i += 1;
            }
            i += 1;
        } else {
            if !c.is_whitespace() {
                tokens.push(Token::Mark(c));
            }
            i += 1;
        }
    }
    tokens
}

/// The tokens without the items that only tests have.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let marker = self::tokens("#[cfg(test)]");
    let mut kept = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if !tokens[i..].starts_with(&marker) {
            kept.push(tokens[i].clone());
            i += 1;
            continue;
        }
        let mut depth = 0;
        while i < tokens.len() {
            let token = &tokens[i];
            i += 1;
            match token {
                Token::Mark('{' | '(' | '[') => depth += 1,
                Token::Mark(')' | ']') => depth -= 1,
                Token::Mark('}') => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                Token::Mark(';') if depth == 0 => break,
                _ => {}
            }
        }
    }
    kept
}

/// Every path of two words and more, and what `use` names, groups written out.
fn paths(tokens: &[Token]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let starts = matches!(&tokens[i], Token::Word(_))
            && !(i > 0 && matches!(tokens[i - 1], Token::Mark('.')));
        if starts {
            let is_use = i > 0 && tokens[i - 1] == Token::Word("use".to_owned());
            let from = found.len();
            i = tree(tokens, i, &[], &mut found);
            if !is_use && found.len() == from + 1 && found[from].len() == 1 {
                found.pop();
            }
        } else {
            i += 1;
        }
    }
    found
}

/// Reads `a::b`, `a::{b, c::d}` or `a::*` from `i` on; gives where it ends.
fn tree(tokens: &[Token], i: usize, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let Some(Token::Word(word)) = tokens.get(i) else {
        return i + 1;
    };
    let path = [before, std::slice::from_ref(word)].concat();
    let colons = [Token::Mark(':'), Token::Mark(':')];
    if !tokens[i + 1..].starts_with(&colons) {
        found.push(path);
        return i + 1;
    }
    let mut i = i + 3;
    match tokens.get(i) {
        Some(Token::Word(_)) => tree(tokens, i, &path, found),
        Some(Token::Mark('{')) => {
            i += 1;
            while i < tokens.len() && tokens[i] != Token::Mark('}') {
                i = tree(tokens, i, &path, found);
            }
            i + 1
        }
        _ => {
            found.push(path);
            i
        }
    }
}

/// The module that a file under `src` is: `spec/yaml.rs` is `spec::yaml`.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/')
        .filter(|part| !["lib", "main"].contains(part))
        .map(str::to_owned)
        .collect()
}

/// A path as seen from the crate's root, or nothing where it leads out of the crate.
fn absolute(path: &[String], module: &[String]) -> Option<Vec<String>> {
    let mut at = match path[0].as_str() {
        "crate" => Vec::new(),
        "self" => module.to_vec(),
        "super" => module[..module.len().saturating_sub(1)].to_vec(),
        _ => return None,
    };
    for word in &path[1..] {
        match word.as_str() {
            "super" => drop(at.pop()),
            word => at.push(word.to_owned()),
        }
    }
    Some(at)
}

/// What a file does that the house plan doesn't allow.
fn breaches(file: &str, source: &str) -> Vec<String> {
    let module = module(file);
    // The plan has `main.rs` in one row with `cli`.
    let part = module.first().map_or("", String::as_str);
    let part = if file == "main.rs" { "cli" } else { part };
    let tokens = without_tests(&tokens(source));
    let layer = LAYERS.iter().find(|(name, _)| *name == part);
    let mut found = Vec::new();
    if layer.is_none() && !part.is_empty() {
        found.push(format!("{file}: {part} is no part of the house plan"));
    }
    for path in paths(&tokens) {
        let shown = path.join("::");
        if let Some(path) = absolute(&path, &module) {
            let Some(to) = path.first().filter(|to| *to != part) else {
                continue;
            };
            let known = LAYERS.iter().any(|(name, _)| name == to);
            let allowed = layer.is_some_and(|(_, allowed)| allowed.contains(&to.as_str()));
            if known && !allowed {
                found.push(format!("{file}: {part} must not import {to} ({shown})"));
            }
            let narrow = FOR_CLI.iter().find(|(name, _)| part == "cli" && name == to);
            let item = path.get(1).map_or("", String::as_str);
            if narrow.is_some_and(|(_, items)| !items.contains(&item)) {
                found.push(format!(
                    "{file}: {shown} is none of the command line's business"
                ));
            }
            continue;
        }
        if let Some((name, doors)) = DOORS.iter().find(|(name, _)| *name == path[0])
            && !doors.contains(&part)
        {
            found.push(format!(
                "{file}: {name} is for {} ({shown})",
                doors.join(", ")
            ));
        }
        if (part, path[0].as_str()) == ("cli", "tokio")
            && !path
                .get(1)
                .is_some_and(|item| TOKIO_FOR_CLI.contains(&item.as_str()))
        {
            found.push(format!("{file}: {shown} is for server"));
        }
    }
    let unwrap = self::tokens(".unwrap()");
    if tokens.windows(unwrap.len()).any(|window| window == unwrap) {
        found.push(format!(
            "{file}: an unwrap; say with expect what always holds"
        ));
    }
    found
}

/// The words of the four APIs that a file says, in names and texts, with what they stand in.
fn foreign(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for token in without_tests(&tokens(source)) {
        let (Token::Word(text) | Token::Text(text)) = token else {
            continue;
        };
        if words(&text)
            .iter()
            .any(|word| FOREIGN.contains(&word.as_str()))
        {
            found.push(text);
        }
    }
    found
}

/// `liveSession_id` is live, session, id.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        if !c.is_alphanumeric() || before.is_lowercase() && c.is_uppercase() {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            let word = words.last_mut().expect("never empty");
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words
}

/// Every file under `src`, by its path from there.
fn sources() -> BTreeMap<String, String> {
    fn walk(folder: &Path, into: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, into);
            } else {
                let name = path.strip_prefix(root()).expect("below src");
                let name = name.to_str().expect("UTF-8").replace('\\', "/");
                // Specimens of media types are no text.
                let text = String::from_utf8(fs::read(&path).expect("a file"));
                into.extend(text.ok().map(|text| (name, text)));
            }
        }
    }
    fn root() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
    }
    let mut sources = BTreeMap::new();
    walk(root(), &mut sources);
    assert!(sources.len() > 50, "{}", sources.len());
    sources
}

#[test]
fn a_part_imports_only_what_is_below_it_and_each_crate_has_its_door() {
    let found: Vec<String> = sources()
        .iter()
        .flat_map(|(file, source)| breaches(file, source))
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_source_knows_a_name_of_the_shipped_apis() {
    let mut found = Vec::new();
    for (file, source) in sources() {
        // The platforms' names for what a tab remembers, and for the folder of a repository.
        let source = source.replace("sessionStorage", "");
        let source = source.replace("GITHUB_WORKSPACE", "");
        found.extend(
            foreign(&source)
                .into_iter()
                .map(|text| (file.clone(), text)),
        );
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The breaches of a made-up file, without its name before each.
fn judged(file: &str, source: &str) -> Vec<String> {
    let found = breaches(file, source);
    let prefix = format!("{file}: ");
    let rest = found.iter().map(|line| line.trim_start_matches(&prefix));
    rest.map(str::to_owned).collect()
}

#[test]
fn an_upward_import_is_found_however_it_is_written() {
    let upward = ["wire must not import server (crate::server::Limits)"];
    for source in [
        "use crate::server::Limits;",
        "use crate::{\n    server::Limits,\n};",
        "pub(super) use crate::{wire::Request, server::{Limits}};",
        "fn f() -> crate::server::Limits { todo!() }",
        "#[derive(crate::server::Limits)]\nstruct S;",
    ] {
        assert_eq!(judged("wire/request.rs", source), upward, "{source}");
    }
    assert_eq!(
        judged("wire/request.rs", "use super::super::server::Limits;"),
        ["wire must not import server (super::super::server::Limits)"]
    );
    assert_eq!(
        judged("wire/mod.rs", "use super::spec;"),
        ["wire must not import spec (super::spec)"]
    );
    assert_eq!(
        judged("contract/mod.rs", "use crate::{exchange::*, host};"),
        [
            "contract must not import exchange (crate::exchange)",
            "contract must not import host (crate::host)"
        ]
    );
    assert_eq!(
        judged("store/state.rs", "use crate::spec::Document as D;"),
        ["store must not import spec (crate::spec::Document)"]
    );
    assert_eq!(
        judged("cli/log.rs", "use crate::{mock::bind, spec::Document};"),
        [
            "cli must not import mock (crate::mock::bind)",
            "crate::spec::Document is none of the command line's business"
        ]
    );
    assert_eq!(
        judged("helpers/mod.rs", ""),
        ["helpers is no part of the house plan"]
    );
}

#[test]
fn a_crate_behind_a_door_is_found_elsewhere() {
    assert_eq!(
        judged("mock/sample.rs", "use jsonschema;"),
        ["jsonschema is for validate (jsonschema)"]
    );
    assert_eq!(
        judged("host.rs", "fn f() { tokio::spawn(async {}); }"),
        ["tokio is for server, cli (tokio::spawn)"]
    );
    assert_eq!(
        judged(
            "cli/serve.rs",
            "use tokio::{net::TcpListener, signal::unix};"
        ),
        ["tokio::net::TcpListener is for server"]
    );
    assert_eq!(
        judged("server/mod.rs", "use clap::Parser;"),
        ["clap is for cli (clap::Parser)"]
    );
}

#[test]
fn an_unwrap_is_found_and_what_only_looks_like_a_breach_is_none() {
    let unwrap = "fn f() { Some(1)\n    .unwrap(); }";
    assert_eq!(judged("wire/a.rs", unwrap).len(), 1);
    let innocent = r##"
        //! use crate::server::Limits; x.unwrap()
        /* use tokio::net; /* nested */ use axum; */
        use super::Request;
        use std::collections::{BTreeMap, HashMap};
        const A: &str = "use crate::server::Limits; .unwrap()";
        const B: &str = r#"crate::cli "quoted" tokio::net"#;
        const C: [char; 3] = ['"', '\'', '\u{7f}'];
        fn f<'a>(x: &'a str) -> &'a str { x.unwrap_or("b") }
        fn tokio() { self.axum.clap(); }
        #[cfg(test)]
        use crate::server::Limits;
        #[cfg(test)]
        mod tests { use crate::cli; fn f() { tokio::spawn(x.unwrap()); } }
    "##;
    assert_eq!(judged("wire/a.rs", innocent), [""; 0]);
    // What stands after the tests is looked at again.
    let after = format!("{innocent}\nuse crate::server::Limits;");
    assert_eq!(judged("wire/a.rs", &after).len(), 1);
}

#[test]
fn a_name_of_a_shipped_api_is_found_in_names_and_texts() {
    let found = foreign(
        "// sessions\nfn find_session() {}\nconst A: &str = \"/workspace/{id}\";\n\
         struct LiveUpdate;\nlet alive = obsession;\n#[cfg(test)]\nmod tests { live!() }",
    );
    assert_eq!(found, ["find_session", "/workspace/{id}", "LiveUpdate"]);
}
