//! `docs`: the documentation of contracts, written as a site.

mod manifest;
mod write;

use super::arguments::{Docs as Arguments, DocsFormat};
use super::style::{Style, clean};
use super::watch::Watch;
use super::{diagnostic, exit, since};
use crate::contract::AuthSettings;
use crate::docs::{Docs, Flavor};
use crate::host::Host;
use crate::spec::LoadErrors;
use manifest::{Manifest, digest};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;
use write::{Written, write};

/// Writes the site, and tells where it is; with `--watch` again and again.
pub(super) fn docs(arguments: &Arguments) -> ExitCode {
    let (mut host, code) = build(arguments, true);
    if !arguments.watch {
        // The process ends: nothing of a large document is taken apart before.
        std::mem::forget(host);
        return code;
    }
    let mut watch = watching(arguments, host.as_ref());
    say("watching the documents, fixtures and rules; Ctrl-C ends it");
    loop {
        watch.wait(host.as_ref());
        match build(arguments, false) {
            (Some(now), _) => host = Some(now),
            (None, _) => say("the site stays as it was"),
        }
    }
}

/// What a site is made of, as it is now.
fn watching(arguments: &Arguments, host: Option<&Host>) -> Watch {
    let sources = &arguments.sources;
    let named = sources.documents.iter().chain(&sources.overlay).cloned();
    Watch::of(named.collect(), host)
}

/// Loads and writes all, and tells of it; gives what was loaded, and how it ended.
fn build(arguments: &Arguments, is_first: bool) -> (Option<Host>, ExitCode) {
    let auth = AuthSettings::default();
    let loading = arguments.sources.loading(false, "", auth);
    let host = match Host::load_with(&arguments.sources.documents, &loading) {
        Ok(host) => host,
        Err(LoadErrors(errors)) => {
            let told = diagnostic::found(errors.iter(), true, Style::of_stderr());
            let _ = io::stderr().write_all(told.as_bytes());
            return (None, ExitCode::from(exit::CANNOT_LOAD));
        }
    };
    let started = Instant::now();
    let digest = digest(arguments, &host, &watching(arguments, Some(&host)));
    let before = Manifest::of(&arguments.out);
    let same = digest.as_deref();
    if let Some(all) = same.and_then(|digest| before.is_current(&arguments.out, digest)) {
        let written = Written { all, changed: 0 };
        tell(arguments, &written, started, is_first);
        return (Some(host), ExitCode::SUCCESS);
    }
    let docs = match arguments.format.flavor() {
        None => Docs::of(&host),
        Some(flavor) => Docs::markdown(&host, flavor),
    };
    let docs = match since::with_changes(docs, &host, arguments) {
        Ok(docs) => docs,
        Err(LoadErrors(errors)) => {
            let told = diagnostic::found(errors.iter(), true, Style::of_stderr());
            let _ = io::stderr().write_all(told.as_bytes());
            return (None, ExitCode::from(exit::CANNOT_LOAD));
        }
    };
    let written = write(&docs, &host, &arguments.out, &before, digest.as_deref());
    if !arguments.watch {
        std::mem::forget(docs);
    }
    match written {
        Ok(written) => {
            tell(arguments, &written, started, is_first);
            (Some(host), ExitCode::SUCCESS)
        }
        Err((path, why)) => {
            say(&format!("error: {path} can't be written: {why}"));
            (Some(host), ExitCode::from(exit::CANNOT_LOAD))
        }
    }
}

fn tell(arguments: &Arguments, written: &Written, started: Instant, is_first: bool) {
    let seconds = started.elapsed().as_secs_f32();
    let out = clean(&arguments.out.display().to_string());
    let begin = arguments.format.first();
    let Written { all, changed } = written;
    let told = match is_first {
        true if *changed == 0 => {
            format!("{all} files in {out} are what they were; begin with {out}/{begin}\n")
        }
        true => {
            format!("{all} files in {out}, written in {seconds:.1} s; begin with {out}/{begin}\n")
        }
        false => format!("{changed} of {all} files in {out} changed, in {seconds:.1} s\n"),
    };
    // A closed pipe is the reader's choice, no error of ours.
    let _ = io::stdout().write_all(told.as_bytes());
}

fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{}", clean(text));
}

impl DocsFormat {
    /// The program that the Markdown is for, where it is that.
    fn flavor(self) -> Option<Flavor> {
        match self {
            DocsFormat::Html => None,
            DocsFormat::Markdown => Some(Flavor::Plain),
            DocsFormat::Mdbook => Some(Flavor::MdBook),
            DocsFormat::Docusaurus => Some(Flavor::Docusaurus),
            DocsFormat::Mkdocs => Some(Flavor::MkDocs),
        }
    }

    /// The page to begin with.
    fn first(self) -> &'static str {
        match self {
            DocsFormat::Html => "index.html",
            DocsFormat::Markdown | DocsFormat::Docusaurus => "index.md",
            DocsFormat::Mdbook => "book.toml",
            DocsFormat::Mkdocs => "mkdocs.yml",
        }
    }
}
