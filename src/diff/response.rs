//! Replies: which there are, and what they have.

use super::finder::{Finder, Sender, Spot, Task, Turn};
use super::operation::schema;
use super::subject::Part;
use crate::spec::{Header, Operation, Response, StatusKey};

impl Finder<'_> {
    /// The replies of an operation.
    pub(super) fn responses(&mut self, node: usize, old: &Operation, new: &Operation) {
        for response in &new.responses {
            let mut exact = old.responses.iter();
            let exact = exact.find(|one| one.status == response.status);
            // What was told of by its range, or as all the others are, is no news.
            let before = exact.or_else(|| wider(old, response.status));
            match before {
                Some(before) => self.response(node, before, response),
                None => {
                    let turn = match is_success(response.status) {
                        true => Turn::Wider,
                        false => Turn::Harmless,
                    };
                    let spot = Spot::added(response.at);
                    let what = ("status-added", Sender::Reply, turn);
                    self.say_status(node, what, spot, "is new", response.status);
                }
            }
        }
        for response in &old.responses {
            if new
                .responses
                .iter()
                .any(|one| one.status == response.status)
            {
                continue;
            }
            let spot = Spot::gone(response.at, new.at);
            match wider(new, response.status) {
                Some(now) => self.response(node, response, now),
                None => {
                    let turn = match is_success(response.status) {
                        true => Turn::Other,
                        false => Turn::Harmless,
                    };
                    let what = ("status-removed", Sender::Reply, turn);
                    self.say_status(node, what, spot, "is gone", response.status);
                }
            }
        }
    }

    /// A reply that is a component is called by its status all the same.
    fn say_status(
        &mut self,
        node: usize,
        what: (&'static str, Sender, Turn),
        spot: Spot,
        detail: &str,
        status: StatusKey,
    ) {
        self.say_of(node, what, spot, detail, Part::Reply(status.to_string()));
    }

    fn response(&mut self, node: usize, old: &Response, new: &Response) {
        let side = Sender::Reply;
        self.content(node, side, (old.at, &old.content), (new.at, &new.content));
        for header in &new.headers {
            let mut before = old.headers.iter();
            let is_same = |one: &&Header| one.name.eq_ignore_ascii_case(&header.name);
            let Some(before) = before.find(is_same) else {
                let spot = Spot::added(header.at);
                let what = ("header-added", side, Turn::Harmless);
                self.say_header(node, what, spot, "is new", (new, header));
                continue;
            };
            let spot = Spot::both(before.at, header.at);
            match (before.required, header.required) {
                (true, false) => {
                    let what = ("header-optional", side, Turn::Wider);
                    self.say_header(node, what, spot, "is no longer required", (new, header));
                }
                (false, true) => {
                    let what = ("header-required", side, Turn::Narrower);
                    self.say_header(node, what, spot, "is now required", (new, header));
                }
                _ => {}
            }
            let task = Task {
                old: schema(before.schema),
                new: schema(header.schema),
                places: (before.at, header.at),
                side,
                is_flipped: false,
            };
            self.schemas(node, task);
        }
        for header in &old.headers {
            let is_same = |one: &Header| one.name.eq_ignore_ascii_case(&header.name);
            if !new.headers.iter().any(is_same) {
                let spot = Spot::gone(header.at, new.at);
                let what = ("header-removed", side, Turn::Other);
                self.say_header(node, what, spot, "is gone", (old, header));
            }
        }
    }

    fn say_header(
        &mut self,
        node: usize,
        what: (&'static str, Sender, Turn),
        spot: Spot,
        detail: &str,
        (response, header): (&Response, &Header),
    ) {
        let part = Part::Header(response.status.to_string(), header.name.clone());
        self.say_of(node, what, spot, detail, part);
    }
}

/// The reply that tells of a status by its range, or as of all others.
fn wider(operation: &Operation, status: StatusKey) -> Option<&Response> {
    let by = |key: StatusKey| operation.responses.iter().find(|one| one.status == key);
    let range = match status {
        StatusKey::Code(code) => by(StatusKey::Range((code / 100) as u8)),
        _ => None,
    };
    range.or_else(|| by(StatusKey::Default))
}

fn is_success(status: StatusKey) -> bool {
    match status {
        StatusKey::Code(code) => (200..400).contains(&code),
        StatusKey::Range(class) => class == 2 || class == 3,
        StatusKey::Default => false,
    }
}
