//! Load errors as people read them: file, line, column, the line itself with a caret, and what
//! would mend it.

use super::style::{Style, clean};
use crate::spec::{LoadError, LoadErrors, Place};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::sync::Arc;

/// How many errors are shown; the rest is counted.
const SHOWN: usize = 50;

/// Errors that keep counterpart from serving.
pub(super) fn errors(errors: &LoadErrors, style: Style) -> String {
    let told = once(&errors.0);
    let count = told.len();
    let noun = if count == 1 { "error" } else { "errors" };
    blocks(&told, Level::ERROR, style) + &format!("{count} {noun}; nothing is served\n")
}

/// What can't be served while the rest is.
pub(super) fn warnings(warnings: &[LoadError], style: Style) -> String {
    blocks(&once(warnings), Level::WARNING, style)
}

/// What was found, of one severity.
pub(super) fn found<'e>(
    found: impl Iterator<Item = &'e LoadError>,
    is_error: bool,
    style: Style,
) -> String {
    let level = match is_error {
        true => Level::ERROR,
        false => Level::WARNING,
    };
    blocks(&found.collect::<Vec<_>>(), level, style)
}

/// What several operations share is told once.
fn once(errors: &[LoadError]) -> Vec<&LoadError> {
    let mut told: Vec<&LoadError> = Vec::new();
    for error in errors {
        let same = |other: &&LoadError| {
            Arc::ptr_eq(&other.source, &error.source)
                && other.place == error.place
                && other.message == error.message
        };
        if !told.iter().any(same) {
            told.push(error);
        }
    }
    told
}

fn blocks(errors: &[&LoadError], level: Level<'static>, style: Style) -> String {
    let mut out = String::new();
    for error in errors.iter().take(SHOWN) {
        out += &block(error, level.clone(), style);
        out += "\n\n";
    }
    if errors.len() > SHOWN {
        out += &format!("… and {} more\n\n", errors.len() - SHOWN);
    }
    out
}

fn block(error: &LoadError, level: Level<'static>, style: Style) -> String {
    let renderer = match style.is_coloured() {
        true => Renderer::styled(),
        false => Renderer::plain(),
    };
    let message = clean(&error.message);
    let name = clean(error.source.name());
    if error.place == Place::File {
        let title = format!("{name}: {message}");
        let group = level.primary_title(title.as_str());
        return match error.help.as_deref().map(clean) {
            Some(help) => renderer.render(&[group.element(Level::HELP.message(help.as_str()))]),
            None => renderer.render(&[annotate_snippets::Group::with_title(group)]),
        };
    }
    let span = error.source.span(&error.place);
    let text = error.source.text();
    // The renderer is handed the one line, so that a file of one huge line costs no more than it.
    let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[span.start..]
        .find(['\r', '\n'])
        .map_or(text.len(), |at| span.start + at);
    let (line, _) = error.source.position(&error.place);
    let snippet = Snippet::source(&text[line_start..line_end])
        .path(name.as_str())
        .line_start(line)
        .annotation(AnnotationKind::Primary.span(span.start - line_start..span.end - line_start));
    let group = level.primary_title(message.as_str()).element(snippet);
    match error.help.as_deref().map(clean) {
        Some(help) => renderer.render(&[group.element(Level::HELP.message(help.as_str()))]),
        None => renderer.render(&[group]),
    }
}
