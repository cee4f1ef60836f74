//! `counterpart fixtures export`: what a server remembers, written as fixtures.

use super::arguments::Export as Arguments;
use super::exit;
use super::style::clean;
use super::whole::write_whole;
use crate::host::Export;
use crate::server::ask_control;
use crate::wire::encode_percent;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Writes them, and tells what was written; nothing is where a file would be changed that is there.
pub(super) fn export(arguments: &Arguments) -> ExitCode {
    match write_all(arguments) {
        Ok((told, is_whole)) => {
            let _ = std::io::stdout().write_all(told.as_bytes());
            match is_whole {
                true => ExitCode::SUCCESS,
                false => ExitCode::from(exit::VIOLATIONS),
            }
        }
        Err((code, why)) => {
            let _ = writeln!(std::io::stderr(), "error: {}", clean(&why));
            ExitCode::from(code)
        }
    }
}

/// What was written, in words, and whether nothing had to be left out.
fn write_all(arguments: &Arguments) -> Result<(String, bool), (u8, String)> {
    let mut target = "/_counterpart/fixtures".to_owned();
    let asked = [("api", &arguments.api), ("sandbox", &arguments.sandbox)];
    for (name, value) in asked {
        if let Some(value) = value {
            let value = encode_percent(value, |octet| octet.is_ascii_alphanumeric());
            target.push(if target.contains('?') { '&' } else { '?' });
            target += &format!("{name}={value}");
        }
    }
    let token = arguments.control_token.as_deref();
    let trust = arguments.trusting.trust();
    let trust = trust.map_err(|why| (exit::USAGE, why.to_string()))?;
    let answer = ask_control(&arguments.from, &target, token, &trust);
    let answer = answer.map_err(|why| (exit::CANNOT_LOAD, why))?;
    let odd = || {
        (
            exit::CANNOT_LOAD,
            "the answer is of no known form".to_owned(),
        )
    };
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    let mut told = String::new();
    for api in answer.as_array().ok_or_else(odd)? {
        let name = api["api"].as_str().filter(|name| is_name(name));
        let folder = arguments.out.join(name.ok_or_else(odd)?);
        for (name, text) in api["files"].as_object().ok_or_else(odd)? {
            // What another program says must not lead out of the folder.
            let name = Some(name).filter(|name| is_name(name)).ok_or_else(odd)?;
            let text = text.as_str().ok_or_else(odd)?;
            files.push((folder.join(name), text.to_owned()));
        }
        for left_out in api["leftOut"].as_array().ok_or_else(odd)? {
            let left_out = left_out.as_str().unwrap_or_default();
            told += &format!("left out: {}\n", clean(left_out));
        }
    }
    let is_whole = told.is_empty();
    let count = files.len();
    // What says the same is left as it was written, with its order and its comments.
    files.retain(|(path, text)| !Export::is_said(path, text));
    let is_same = files.len() < count;
    let is_changed = |(path, _): &&(PathBuf, String)| path.symlink_metadata().is_ok();
    let changed: Vec<String> = files
        .iter()
        .filter(is_changed)
        .map(|(path, _)| path.display().to_string())
        .collect();
    if !changed.is_empty() && !arguments.force {
        let why = format!(
            "{} there already, and would be other ones; --force writes over them",
            match changed.as_slice() {
                [one] => format!("{one} is"),
                all => format!("{} are", all.join(", ")),
            }
        );
        return Err((exit::VIOLATIONS, why));
    }
    for (path, text) in &files {
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = folder.and_then(|()| write_whole(path, text));
        written.map_err(|error| {
            let why = format!("{} can't be written: {error}", path.display());
            (exit::CANNOT_LOAD, why)
        })?;
        told += &format!("{}\n", clean(&path.display().to_string()));
    }
    if files.is_empty() {
        told += match is_same {
            true => "the files that are there say the same: there is nothing to write\n",
            false => "nothing is remembered: there is nothing to write\n",
        };
    }
    Ok((told, is_whole))
}

/// Whether a name is one of a file in a folder, and of nothing beyond.
fn is_name(name: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && !"/\\:".contains(c);
    !name.is_empty() && name.len() <= 255 && !name.starts_with('.') && name.chars().all(is_plain)
}
