//! What of a contract's requests and replies is a secret.

use super::Document;
use super::document::is_data;
use super::model::Location;
use super::tree::{At, Node};
use std::collections::HashSet;

/// How the names of secrets end, whatever a contract says of them: those of OAuth's requests and
/// replies (RFC 6749 §2.3.1, §4.3.2, §5.1, §6; RFC 7521 §4.2; OpenID Connect Core §3.1.3.3), and
/// others that nothing but a secret is called by.
const ENDS: [&str; 16] = [
    "password",
    "passwords",
    "passwordconfirmation",
    "passwd",
    "passphrase",
    "passwort",
    "clientsecret",
    "secretkey",
    "privatekey",
    "apikey",
    "accesstoken",
    "refreshtoken",
    "authtoken",
    "idtoken",
    "clientassertion",
    "codeverifier",
];
/// Names that are those of secrets by themselves alone.
const WHOLE: [&str; 2] = ["secret", "pwd"];

/// Whether what stands under such a name is a secret, whatever a contract says of it, and however the
/// name is written: `newPassword`, `new_password`.
pub fn is_secret_name(name: &str) -> bool {
    let letters = || {
        let letters = name.bytes().rev().filter(u8::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase())
    };
    // This is asked of every member of every body: most names end like none of these.
    let mut last = letters();
    let last = [(); 3].map(|()| last.next().unwrap_or_default());
    let may_be = matches!(
        &last,
        b"dro"
            | b"sdr"
            | b"noi"
            | b"dws"
            | b"esa"
            | b"tro"
            | b"ter"
            | b"yek"
            | b"nek"
            | b"rei"
            | b"dwp"
    );
    let ends = |known: &str| {
        let mut letters = letters();
        let mut known = known.bytes().rev();
        known.all(|letter| letters.next() == Some(letter))
    };
    may_be
        && (ENDS.iter().any(|known| ends(known))
            || WHOLE.iter().any(|known| letters().eq(known.bytes().rev())))
}

/// How many references may lead from the name of a secret to what says that it is one.
const CHAIN_LIMIT: usize = 8;

/// What stands between the schema of a value and those of its parts.
const INNER: [&str; 6] = [
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "prefixItems",
    "additionalProperties",
];

/// A secret's place, none where it is in bodies, and its name.
type Secret = (Option<Location>, String);

impl Document {
    /// What is a secret by its `format: password`, or as the key of a security scheme, whatever asks
    /// for it: the names of properties, and the places and names of parameters. A schema that has no
    /// name where it stands has those of what refers to it.
    pub fn secrets(&self) -> Vec<Secret> {
        let formats = self.files.formats();
        let formats = formats.filter(|node| node.is_text("password") && !stands_in_data(*node));
        let schemas = formats.filter_map(|node| self.parent(node));
        let (mut secrets, mut nameless) = (Vec::new(), HashSet::new());
        schemas.for_each(|schema| self.name(schema, &mut secrets, &mut nameless));
        for _ in 0..CHAIN_LIMIT {
            if nameless.is_empty() {
                break;
            }
            let mut next = HashSet::new();
            for reference in self.files.references() {
                let text = reference.text().filter(|_| !stands_in_data(reference));
                let target = text.and_then(|text| self.target(reference, &text).ok());
                if target.is_some_and(|target| nameless.contains(&target.at()))
                    && let Some(schema) = self.parent(reference)
                {
                    self.name(schema, &mut secrets, &mut next);
                }
            }
            nameless = next;
        }
        let mut sections = self.dialect.schemes().iter();
        let schemes = sections.try_fold(self.root(), |node, member| node.get(member));
        let schemes = schemes.into_iter().flat_map(Node::members);
        let keys = schemes.filter_map(|(_, scheme)| self.resolve(scheme).ok());
        let keys = keys.filter(|scheme| scheme.get("type").is_some_and(|it| it.is_text("apiKey")));
        secrets.extend(keys.filter_map(parameter));
        secrets
    }

    /// Finds the name of what a schema is of, or the outermost schema that it is a part of.
    fn name(&self, schema: Node<'_>, secrets: &mut Vec<Secret>, nameless: &mut HashSet<At>) {
        let around = self.parent(schema);
        let mut holders = [Some(schema), around].into_iter().flatten();
        if let Some(holder) = holders.find(|holder| holder.get("in").is_some()) {
            secrets.extend(parameter(holder));
            return;
        }
        let tokens: Vec<String> = schema.tree().pointer(schema.number()).tokens().collect();
        let is_inner =
            |token: &&String| INNER.contains(&token.as_str()) || token.parse::<usize>().is_ok();
        let parts = tokens.iter().rev().take_while(is_inner).count();
        let mut outer = tokens.iter().rev().skip(parts);
        let name = outer.next();
        if outer.next().is_some_and(|token| token == "properties") {
            secrets.extend(name.map(|name| (None, name.clone())));
            return;
        }
        let mut whole = Some(schema);
        for _ in 0..parts {
            whole = whole.and_then(|part| self.parent(part));
        }
        nameless.extend(whole.map(Node::at));
    }
}

fn parameter(holder: Node<'_>) -> Option<Secret> {
    let location = match holder.get("in")?.text()?.as_ref() {
        "query" => Some(Location::Query),
        "header" => Some(Location::Header),
        "formData" => None,
        _ => return None,
    };
    Some((location, holder.get("name")?.text()?.into_owned()))
}

/// What stands in examples and the like is data.
fn stands_in_data(node: Node<'_>) -> bool {
    let place = node.tree().pointer(node.number());
    place.tokens().any(|name| is_data(&name))
}

#[cfg(test)]
mod tests {
    use crate::spec::{Document, Location, Opening, Reach, Source};

    #[test]
    fn a_secret_has_the_names_by_which_it_is_referred_to() {
        let text = r##"
openapi: 3.1.0
info: {title: A, version: '1'}
paths:
  /a:
    parameters:
      - {name: code, in: query, schema: {$ref: '#/components/schemas/Pin'}}
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: key}
  schemas:
    Pin: {type: string, format: password}
    Other: {$ref: '#/components/schemas/Pin'}
    Loop: {$ref: '#/components/schemas/Loop'}
    User:
      type: object
      properties:
        pin: {$ref: '#/components/schemas/Other'}
        old: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Pin'}, {type: 'null'}]}}
        own: {type: string, format: password}
        all: {type: object, additionalProperties: {type: string, format: password}}
        name: {type: string, example: {$ref: '#/components/schemas/Pin'}}
"##;
        let opening = Opening {
            path: None,
            reach: &Reach::default(),
            overlays: &[],
        };
        let document = Document::read(Source::new("a.yaml", text), &opening);
        let mut secrets = document.expect("a document").secrets();
        secrets.sort_by(|a, b| a.1.cmp(&b.1));
        let expected = [
            (None, "all"),
            (Some(Location::Query), "code"),
            (Some(Location::Query), "key"),
            (None, "old"),
            (None, "own"),
            (None, "pin"),
        ];
        assert_eq!(secrets, expected.map(|(at, name)| (at, name.to_owned())));
    }
}
