//! What the API itself sends: callbacks, webhooks.

use super::finder::{Finder, Sender, Spot, Turn};
use crate::spec::{At, Message};

impl Finder<'_> {
    /// What the API itself sends: callbacks, webhooks.
    pub(super) fn messages(
        &mut self,
        node: usize,
        (old_at, old): (At, &[Message]),
        (new_at, new): (At, &[Message]),
    ) {
        let side = Sender::Reply;
        let is_same = |one: &Message, other: &Message| {
            one.name == other.name && one.method == other.method && {
                let url = |message: &Message| message.url.as_ref().map(|url| format!("{url:?}"));
                url(one) == url(other) || {
                    let alike = |all: &[Message]| {
                        let alike = all.iter().filter(|any| any.name == one.name);
                        alike.filter(|any| any.method == one.method).count()
                    };
                    // A callback that goes elsewhere is the same one, where there is but one.
                    alike(old) == 1 && alike(new) == 1
                }
            }
        };
        for message in new {
            match old.iter().find(|one| is_same(one, message)) {
                Some(before) => self.body(
                    node,
                    side,
                    (before.at, &before.body),
                    (message.at, &message.body),
                ),
                None => {
                    let spot = Spot {
                        order: new_at,
                        ..Spot::added(message.at)
                    };
                    let what = ("message-added", side, Turn::Harmless);
                    self.say(node, what, spot, "is new");
                }
            }
        }
        for message in old {
            if !new.iter().any(|other| is_same(message, other)) {
                let spot = Spot {
                    order: new_at,
                    ..Spot::gone(message.at, old_at)
                };
                self.say(
                    node,
                    ("message-removed", side, Turn::Other),
                    spot,
                    "is gone",
                );
            }
        }
    }
}
