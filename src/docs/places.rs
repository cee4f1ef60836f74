//! Where on the pages something stands that an exchange met.

use crate::spec::StatusKey;
use crate::validate::Place;

/// A part of what an operation's page tells.
#[derive(Debug, Clone, Copy)]
pub enum Part<'p> {
    /// All of it.
    Whole,
    /// What a request says at a place.
    Request(&'p Place),
    /// What the reply of a documented status says at a place.
    Reply(StatusKey, &'p Place),
    /// The reply of a documented status.
    Status(StatusKey),
}

/// The id of a part on the page; empty for the page's start.
pub fn anchor(part: Part<'_>) -> String {
    let id = match part {
        Part::Whole => String::new(),
        Part::Status(status) => format!("status-{status}"),
        Part::Request(place) => match place {
            Place::Status => String::new(),
            Place::Body(pointer) => fields("body", pointer.tokens()),
            Place::Path(name) => format!("path.{name}"),
            Place::Query(name) => format!("query.{name}"),
            Place::Header(name) => format!("header.{name}"),
            Place::Cookie(name) => format!("cookie.{name}"),
        },
        Part::Reply(status, place) => match place {
            Place::Body(pointer) => fields(&status.to_string(), pointer.tokens()),
            Place::Header(name) => format!("{status}.header.{name}"),
            _ => format!("status-{status}"),
        },
    };
    super::escape::id(&id)
}

/// That of a property: what a list has is told of its items, whichever one.
fn fields(lead: &str, tokens: impl Iterator<Item = String>) -> String {
    let is_name = |token: &String| !token.bytes().all(|byte| byte.is_ascii_digit());
    let names = tokens.filter(is_name);
    names.fold(lead.to_owned(), |id, name| format!("{id}.{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Pointer;

    #[test]
    fn a_place_of_a_message_has_its_own_on_the_page() {
        let body = |pointer: &str| Place::Body(Pointer::parse(pointer).expect("a pointer"));
        let request = |place: &Place| anchor(Part::Request(place));
        assert_eq!(request(&body("")), "body");
        assert_eq!(request(&body("/owner/pets/0/name")), "body.owner.pets.name");
        assert_eq!(request(&Place::Query("limit".to_owned())), "query.limit");
        let status = StatusKey::Code(200);
        assert_eq!(anchor(Part::Reply(status, &body("/id"))), "200.id");
        assert_eq!(anchor(Part::Status(StatusKey::Range(4))), "status-4XX");
    }
}
