use crate::sample::Locale;
use crate::spec::{Document, Node};
use std::sync::OnceLock;

/// How many values of a document are looked through for what tells its locale.
const LOOKED_AT: usize = 100_000;

/// What the samples of a contract are drawn from.
#[derive(Debug, Default)]
pub struct Sampling {
    /// The seed; the same gives the same samples.
    pub seed: String,
    /// Whether every variant of a reply is sent in its turn.
    pub rotates: bool,
    locale: OnceLock<Locale>,
}

impl Sampling {
    /// That of a seed; `rotates` says whether variants are sent in turn.
    pub fn of(seed: &str, rotates: bool) -> Sampling {
        Sampling {
            seed: seed.to_owned(),
            rotates,
            locale: OnceLock::new(),
        }
    }

    /// The locale that the document's examples are of.
    pub(super) fn locale(&self, document: &Document) -> Locale {
        *self.locale.get_or_init(|| {
            let mut texts = Texts::default();
            let mut left = LOOKED_AT;
            gather(document.root(), "", false, &mut left, &mut texts);
            let names = texts.names.iter().map(|name| (name.as_str(), ""));
            let texts = texts.texts.iter();
            let texts = texts.map(|(name, text)| (name.as_str(), text.as_str()));
            Locale::of(texts.chain(names))
        })
    }
}

/// What tells a document's locale.
#[derive(Default)]
struct Texts {
    /// The texts in examples, each with the name of the property that it is a value of.
    texts: Vec<(String, String)>,
    /// The names of properties.
    names: Vec<String>,
}

/// Adds the texts of a part of a document, which may be within an example.
fn gather(node: Node<'_>, name: &str, is_example: bool, left: &mut usize, texts: &mut Texts) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    if is_example && let Some(text) = node.text() {
        texts.texts.push((name.to_owned(), text.into_owned()));
    }
    for item in node.items() {
        gather(item, name, is_example, left, texts);
    }
    for (key, value) in node.entries() {
        let begins = !is_example && ["example", "examples"].contains(&&*key);
        let said = match is_example {
            true => &*key,
            false if begins || KEYWORDS.contains(&&*key) => name,
            false => &*key,
        };
        if !is_example && key == "properties" {
            let names = value.entries().map(|(name, _)| name.into_owned());
            texts.names.extend(names.take(*left));
        }
        gather(value, said, is_example || begins, left, texts);
    }
}

/// Keywords between a property's name and its example.
const KEYWORDS: [&str; 4] = ["items", "schema", "allOf", "properties"];
