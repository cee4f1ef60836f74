//! A document of several files as one: what others have that it refers to stands among its
//! components, each thing once, under the name that it had where that is free.

mod leads;
mod part;
mod plan;
mod write;

use super::Document;
use super::tree::Node;
use serde_json::Value;
use write::Writer;

impl Document {
    /// The document with all that it refers to, in one; the same as its text where it stands alone.
    /// What can't be found is referred to as before.
    pub fn bundled(&self) -> Value {
        match self.stands_alone() {
            true => self.root().value(),
            false => Writer::of(self).document(),
        }
    }

    /// Its own text, where that is a file of JSON and says the whole document as it is.
    pub fn json_text(&self) -> Option<&str> {
        let source = self.source();
        let is_whole = source.name().ends_with(".json") && self.stands_alone();
        (is_whole && !self.files.is_changed()).then(|| source.text())
    }

    /// Whether nothing in it leads out of its file.
    fn stands_alone(&self) -> bool {
        let is_one = self.sources().count() == 1;
        let leads_out =
            |reference: Node<'_>| reference.text().is_some_and(|text| !text.starts_with('#'));
        is_one && !self.files.references().any(leads_out)
    }
}
