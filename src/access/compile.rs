//! The requirements of a document into gates.

use super::alternative::{Alternative, Use};
use super::guard::{Gate, Guard};
use super::keyring::Keyring;
use super::scheme::Scheme;
use super::seal::Seal;
use super::settings::AuthSettings;
use crate::spec::{At, Document, LoadError, Node, SecurityRequirement, SecurityScheme};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

impl Guard {
    /// Compiles what the operations of a document ask for. Gives it with what can't be compiled,
    /// and with what no request can satisfy.
    pub fn compile(
        document: &Document,
        settings: &AuthSettings,
    ) -> (Guard, Vec<LoadError>, Vec<LoadError>) {
        let mut guard = Guard {
            seal: Seal::new(),
            keyring: Keyring::new(settings.secret(), settings.keys.clone()),
            settings: settings.clone(),
            realm: realm(&document.title),
            gates: Vec::new(),
            gate_of: Vec::new(),
            schemes: BTreeMap::new(),
        };
        let mut compiler = Compiler {
            document,
            settings,
            known: HashMap::new(),
            errors: Vec::new(),
            notes: Vec::new(),
        };
        // Most operations ask for what the root asks for.
        let mut gates: HashMap<Option<At>, usize> = HashMap::new();
        for stub in &document.operations {
            let own = document.node(stub.at).get("security");
            let node = own.or_else(|| document.root().get("security"));
            let number = *gates.entry(node.map(Node::at)).or_insert_with(|| {
                let requirements = document.security(stub);
                let gate = compiler.gate(&mut guard, node, &requirements);
                guard.gates.push(gate);
                guard.gates.len() - 1
            });
            guard.gate_of.push(number);
        }
        (guard, compiler.errors, compiler.notes)
    }
}

/// What compiling the requirements of a document takes and finds.
struct Compiler<'c> {
    document: &'c Document,
    settings: &'c AuthSettings,
    known: HashMap<At, Option<Arc<Scheme>>>,
    errors: Vec<LoadError>,
    notes: Vec<LoadError>,
}

impl Compiler<'_> {
    fn gate(
        &mut self,
        guard: &mut Guard,
        node: Option<Node<'_>>,
        requirements: &[SecurityRequirement],
    ) -> Gate {
        let mut gate = Gate {
            alternatives: Vec::new(),
            is_open: requirements.is_empty(),
        };
        let mut written = node.into_iter().flat_map(Node::items);
        let requirements: Vec<(&SecurityRequirement, Option<Node<'_>>)> = requirements
            .iter()
            .map(|requirement| (requirement, written.next()))
            .collect();
        // One that names a scheme that isn't there can't be met, and opens nothing where another
        // can.
        let is_sound = |(requirement, node): &(&SecurityRequirement, Option<Node<'_>>)| {
            node.is_none_or(|node| node.count() == requirement.len())
        };
        let has_sound = requirements.iter().any(is_sound);
        let judged = requirements
            .into_iter()
            .filter(|entry| !has_sound || is_sound(entry));
        for (requirement, node) in judged {
            let at = node.map(Node::at);
            if requirement.is_empty() {
                gate.is_open = true;
                continue;
            }
            let mut uses = Vec::new();
            for used in requirement {
                let Some(scheme) = self.scheme(guard, &used.scheme) else {
                    continue;
                };
                let name = used.scheme.name.clone();
                guard.schemes.insert(name, Arc::clone(&scheme));
                uses.push(Use::new(scheme, used.scopes.clone(), &guard.realm));
            }
            let mut fields: Vec<String> = uses
                .iter()
                .filter_map(|used| used.scheme.authorization())
                .collect();
            fields.sort();
            fields.dedup();
            if let ([_, _, ..], Some(at)) = (fields.as_slice(), at) {
                let message = format!(
                    "no request can meet this: {} are all sent in `Authorization`, which is there once",
                    fields.join(" and ")
                );
                let help = "schemes of which one is enough are entries of the list of their own";
                self.notes
                    .push(self.document.error(at, message).with_help(help));
            }
            gate.alternatives.push(Alternative(uses));
        }
        gate
    }

    fn scheme(&mut self, guard: &Guard, declared: &SecurityScheme) -> Option<Arc<Scheme>> {
        let (settings, document, errors) = (self.settings, self.document, &mut self.errors);
        let known = self.known.entry(declared.at).or_insert_with(|| {
            let scheme = Scheme::compile(declared, settings, &guard.seal);
            if scheme.is_none() {
                let node = document.node(declared.at);
                let pattern = node.get("x-credential-pattern").unwrap_or(node);
                errors.push(document.error(pattern.at(), "this is no regular expression"));
            }
            scheme.map(Arc::new)
        });
        known.clone()
    }
}

/// A letter of Latin-1 without what stands above or below it.
fn plain_letter(letter: char) -> Option<char> {
    const PLAIN: [(&str, char); 18] = [
        ("àáâãäå", 'a'),
        ("ç", 'c'),
        ("èéêë", 'e'),
        ("ìíîï", 'i'),
        ("ñ", 'n'),
        ("òóôõöø", 'o'),
        ("ùúûü", 'u'),
        ("ýÿ", 'y'),
        ("ß", 's'),
        ("ÀÁÂÃÄÅ", 'A'),
        ("Ç", 'C'),
        ("ÈÉÊË", 'E'),
        ("ÌÍÎÏ", 'I'),
        ("Ñ", 'N'),
        ("ÒÓÔÕÖØ", 'O'),
        ("ÙÚÛÜ", 'U'),
        ("Ý", 'Y'),
        ("\u{2019}", '\''),
    ];
    let mut known = PLAIN.iter();
    known
        .find(|(letters, _)| letters.contains(letter))
        .map(|(_, plain)| *plain)
}

/// What the credentials are for, in words (RFC 9110 §11.5): the API's title, as far as a header
/// field can say it.
fn realm(title: &str) -> String {
    let said = title.chars().filter_map(|c| match c {
        ' '..='~' => Some(c),
        c => plain_letter(c),
    });
    let realm: String = said.take(64).collect();
    let realm = realm.trim().to_owned();
    match realm.contains(|c: char| c.is_ascii_alphanumeric()) {
        true => realm,
        false => "api".to_owned(),
    }
}
