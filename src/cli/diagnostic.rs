//! Load errors as people read them: file, line, column, the line itself with a caret, and what
//! would mend it.

use super::style::{Style, clean};
use crate::spec::{LoadError, LoadErrors, Place};
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use std::collections::HashSet;
use std::sync::Arc;

/// How many errors are shown; the rest is counted.
const SHOWN: usize = 50;
/// From how many bytes on a line is shown in part: a file may be one line.
const LONG: usize = 400;
/// How many bytes are shown before the place, and three times as many from it on.
const AROUND: usize = 40;

/// Errors that keep a command from what it does, and what isn't done therefore.
pub(super) fn errors(errors: &LoadErrors, undone: &str, style: Style) -> String {
    let told = once(&errors.0);
    let count = told.len();
    let noun = if count == 1 { "error" } else { "errors" };
    blocks(&told, Level::ERROR, style) + &format!("{count} {noun}; {undone}\n")
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
    let mut told = HashSet::new();
    let key = |error: &LoadError| {
        let source = Arc::as_ptr(&error.source).addr();
        (source, format!("{:?}", error.place), error.message.clone())
    };
    let news = |error: &&LoadError| told.insert(key(error));
    errors.iter().filter(news).collect()
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
    let (line, column) = error.source.position(&error.place);
    let is_long = line_end - line_start > LONG;
    let (from, to) = match is_long {
        true => (
            boundary(text, span.start.saturating_sub(AROUND).max(line_start)),
            boundary(text, (span.start + 3 * AROUND).min(line_end)),
        ),
        false => (line_start, line_end),
    };
    let shown = span.start - from..span.end.min(to) - from;
    let snippet = Snippet::source(&text[from..to])
        .line_start(line)
        .annotation(AnnotationKind::Primary.span(shown));
    let group = level.primary_title(message.as_str());
    let group = match is_long {
        // The renderer would count the column from where the part begins.
        true => group
            .element(Origin::path(name.as_str()).line(line).char_column(column))
            .element(snippet),
        false => group.element(snippet.path(name.as_str())),
    };
    let rendered = match error.help.as_deref().map(clean) {
        Some(help) => renderer.render(&[group.element(Level::HELP.message(help.as_str()))]),
        None => renderer.render(&[group]),
    };
    match is_long {
        // That the part is of another file than the place, which it isn't.
        true => rendered
            .split_inclusive('\n')
            .filter(|line| !line.contains(":::") || line.contains('|'))
            .collect(),
        false => rendered,
    }
}

/// The place itself, or that of the character that it is within.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
