//! Operations: what they take, and what they answer.

use super::finder::{About, Finder, Sender, Spot, Task, Turn};
use super::kinds::{Kinds, kinds};
use super::pairing::{Paired, names};
use super::words::code;
use crate::spec::{At, Document, Location, Operation, Parameter, Style};

/// What is compared of schemas: nothing where there is none.
pub(super) fn schema(at: Option<At>) -> Vec<At> {
    at.into_iter().collect()
}

impl<'d> Finder<'d> {
    /// An operation of both documents.
    pub(super) fn operation(&mut self, node: usize, pair: &Paired<'d>, is_alike: bool) {
        let (Some(from), Some(to)) = (pair.old, pair.new) else {
            return;
        };
        let is_same = is_alike && from.path == to.path && {
            // Parameters may stand in the path item.
            let list = |document: &'d Document, at: At| {
                let list = document.node(at).get("parameters");
                list.map(|list| list.at())
            };
            let beside = match (list(self.old, from.item), list(self.new, to.item)) {
                (Some(old), Some(new)) => self.same.is(old, new),
                (None, None) => true,
                _ => false,
            };
            beside && self.same.is(from.at, to.at)
        };
        if is_same {
            return;
        }
        let (old, new) = match (self.old.operation(from), self.new.operation(to)) {
            (Ok(old), Ok(new)) => (old, new),
            (old, new) => {
                self.unread.extend(old.err());
                self.unread.extend(new.err());
                return;
            }
        };
        let spot = Spot::both(old.at, new.at);
        if old.id != new.id && old.id.is_some() {
            let detail = match (&old.id, &new.id) {
                (Some(was), Some(is)) => {
                    format!("has the id {}; before, {}", code(is), code(was))
                }
                _ => "no longer has an id".to_owned(),
            };
            let what = ("operation-id-changed", Sender::Request, Turn::Harmless);
            self.say(node, what, spot, detail);
        }
        self.deprecation((node, Sender::Request), spot, &[old.at], &[new.at]);
        self.parameters(node, Sender::Request, &old, &new);
        self.body(
            node,
            Sender::Request,
            (old.at, &old.body),
            (new.at, &new.body),
        );
        self.responses(node, &old, &new);
        self.security(node, &old, &new);
        self.messages(node, (old.at, &old.callbacks), (new.at, &new.callbacks));
    }

    fn parameters(&mut self, node: usize, side: Sender, old: &Operation, new: &Operation) {
        let (was, is) = (names(&old.path), names(&new.path));
        // A path's parameters are told apart by their places in it.
        let place = |names: &[&str], parameter: &Parameter| {
            names.iter().position(|name| *name == parameter.name)
        };
        let is_same = |one: &Parameter, other: &Parameter| match one.location {
            _ if one.location != other.location => false,
            Location::Path if place(&was, one).is_some() => place(&was, one) == place(&is, other),
            Location::Header => one.name.eq_ignore_ascii_case(&other.name),
            Location::Querystring => true,
            _ => one.name == other.name,
        };
        let missing = |one: &&Parameter| !new.parameters.iter().any(|other| is_same(one, other));
        let mut gone: Vec<&Parameter> = old.parameters.iter().filter(missing).collect();
        for parameter in &new.parameters {
            let mut before = old.parameters.iter();
            if let Some(before) = before.find(|one| is_same(one, parameter)) {
                self.parameter(node, side, before, parameter);
                continue;
            }
            let moved = gone
                .iter()
                .position(|one| one.name.eq_ignore_ascii_case(&parameter.name));
            if let Some(moved) = moved {
                let before = gone.remove(moved);
                let spot = Spot {
                    about: About::Old(before.at),
                    ..Spot::both(before.at, parameter.at)
                };
                let place = format!("{:?}", parameter.location).to_lowercase();
                let detail = format!("now stands in the {place}");
                let what = ("parameter-moved", side, Turn::Other);
                self.say(node, what, spot, detail);
                continue;
            }
            let (turn, detail) = match parameter.required {
                true => (Turn::Narrower, "is new, and required"),
                false => (Turn::Harmless, "is new"),
            };
            let spot = Spot {
                order: new.at,
                ..Spot::added(parameter.at)
            };
            self.say(node, ("parameter-added", side, turn), spot, detail);
        }
        for parameter in gone {
            let spot = Spot::gone(parameter.at, new.at);
            self.say(
                node,
                ("parameter-removed", side, Turn::Other),
                spot,
                "is gone",
            );
        }
    }

    fn parameter(&mut self, node: usize, side: Sender, old: &Parameter, new: &Parameter) {
        let spot = Spot::both(old.at, new.at);
        // A single value is written alike in most styles.
        let kinds = |document: &Document, of: &Parameter| {
            let schema = of.schema.map(|at| document.node(at));
            schema.map_or(Kinds::ALL, |schema| kinds(document, schema))
        };
        let all = kinds(self.old, old).either(kinds(self.new, new));
        let are_many = all.has(Kinds::ARRAY.either(Kinds::OBJECT));
        let way = |of: &Parameter| match (are_many, of.style) {
            (true, style) => Some((style, of.explode)),
            (false, Style::Matrix | Style::Label) => Some((of.style, false)),
            (false, _) => None,
        };
        let mut say = |kind, turn, detail: String| {
            self.say(node, (kind, side, turn), spot, detail);
        };
        match (old.required, new.required) {
            (false, true) => say(
                "parameter-required",
                Turn::Narrower,
                "is now required".to_owned(),
            ),
            (true, false) => say(
                "parameter-optional",
                Turn::Wider,
                "is no longer required".to_owned(),
            ),
            _ => {}
        }
        let style = |of: &Parameter| match of.explode {
            true => format!("`{}`, exploded", style_name(of.style)),
            false => format!("`{}`, not exploded", style_name(of.style)),
        };
        let is_written = old.media_type.is_none() && new.media_type.is_none();
        if is_written && way(old) != way(new) {
            let detail = format!("is now written as {}; before, {}", style(new), style(old));
            say("style-changed", Turn::Other, detail);
        }
        if old.media_type != new.media_type {
            let shown = |media: &Option<String>| match media {
                Some(media) => code(media),
                None => "a plain value".to_owned(),
            };
            let (is, was) = (shown(&new.media_type), shown(&old.media_type));
            let detail = format!("is now written as {is}; before, {was}");
            say("style-changed", Turn::Other, detail);
        }
        match (old.allow_empty, new.allow_empty) {
            (true, false) => say(
                "empty-forbidden",
                Turn::Narrower,
                "may no longer be without a value".to_owned(),
            ),
            (false, true) => say(
                "empty-allowed",
                Turn::Wider,
                "may now be without a value".to_owned(),
            ),
            _ => {}
        }
        // What is always there has no other value that stands in for it.
        if !(old.required && new.required) {
            self.defaults((node, side), spot, &schema(old.schema), &schema(new.schema));
        }
        self.deprecation((node, side), spot, &[old.at], &[new.at]);
        let task = Task {
            old: schema(old.schema),
            new: schema(new.schema),
            places: (old.at, new.at),
            side,
            is_flipped: false,
        };
        self.schemas(node, task);
    }
}

/// The name of a style in documents.
pub(super) fn style_name(style: Style) -> &'static str {
    match style {
        Style::Matrix => "matrix",
        Style::Label => "label",
        Style::Simple => "simple",
        Style::Form => "form",
        Style::SpaceDelimited => "spaceDelimited",
        Style::PipeDelimited => "pipeDelimited",
        Style::DeepObject => "deepObject",
        Style::Cookie => "cookie",
        Style::TabDelimited => "tsv",
    }
}
