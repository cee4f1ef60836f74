//! Why there is no value: what stands in the way, as a sentence.

use super::Unsatisfied;
use super::demand::Root;
use super::maker::Maker;
use super::text::{TextDemand, furthest, shortest};
use crate::validate::{Place, SchemaId};
use serde_json::{Value, json};

const CONTRADICTS: &str = "its demands contradict each other";
/// Where nothing is proven.
const NONE_FOUND: &str = "none was found that meets all of its demands, within the tries that a \
                          sample may have";

/// What was met while a value was looked for.
#[derive(Debug, Default)]
pub(super) struct Hurdles {
    /// What is asked for beyond the bounds of samples.
    beyond: Option<String>,
    /// The texts that weren't found.
    unfound: Option<String>,
    /// Whether what the whole asks for contradicts itself.
    pub(super) contradicts: bool,
    /// Whether the whole became too large, or took too many steps.
    is_spent: bool,
    /// Whether something was given up for being too deep.
    is_cut: bool,
}

impl Hurdles {
    /// More parts of a list or an object than a sample has.
    pub(super) fn too_many(&mut self, count: usize, most: usize) {
        self.beyond.get_or_insert_with(|| {
            format!("it asks for {count} parts of one value, and samples have {most} at most")
        });
    }

    /// A text that wasn't found.
    pub(super) fn no_text(&mut self, demand: &TextDemand) {
        let (shortest, furthest) = (shortest(demand), furthest(demand));
        // Where none matches at all, no length is what it asks for.
        if shortest > furthest && shortest < usize::MAX {
            self.beyond.get_or_insert_with(|| {
                format!("it asks for a text of {shortest} characters, and samples have {furthest} at most")
            });
        }
        if demand.patterns.is_empty() {
            return;
        }
        self.unfound.get_or_insert_with(|| {
            let patterns = demand
                .patterns
                .iter()
                .map(|pattern| json!(pattern).to_string());
            let patterns: Vec<String> = patterns.collect();
            let length = match (demand.least, demand.most) {
                (0, None) => String::new(),
                (least, None) => format!(" of at least {least} characters"),
                (least, Some(most)) => format!(" of {least} to {most} characters"),
            };
            format!(
                "no text{length} was found that matches {}",
                patterns.join(" and ")
            )
        });
    }

    /// Takes in what was met in another go.
    pub(super) fn add(&mut self, other: Hurdles, is_spent: bool, is_cut: bool) {
        self.beyond = self.beyond.take().or(other.beyond);
        self.unfound = self.unfound.take().or(other.unfound);
        self.contradicts |= other.contradicts;
        self.is_spent |= is_spent;
        self.is_cut |= is_cut;
    }

    /// The reason, where the nearest value that was made is known or isn't.
    pub(super) fn reason(
        self,
        maker: &Maker<'_>,
        root: &Root,
        schema: SchemaId,
        nearest: Option<&Value>,
    ) -> Unsatisfied {
        let endless = maker
            .endless(root)
            .map(|at| match maker.leads_to(root, at) {
                true => "it requires itself without end".to_owned(),
                false => {
                    let origin = maker.document.origin(at);
                    format!("what {origin} says requires itself without end")
                }
            });
        let broken = || {
            let violations = maker.schemas.check(schema, nearest?, &Place::Body);
            let violation = violations.first()?;
            Some(format!("{} {}", violation.place, violation.detail))
        };
        let beyond = self.beyond.filter(|_| nearest.is_none());
        let spent = self.is_spent.then_some("size and the steps");
        let cut = (self.is_cut && nearest.is_none()).then_some("depth");
        let bound = spent.or(cut);
        let bound =
            bound.map(|bound| format!("none was found within the {bound} that a sample may have"));
        let contradicts = self.contradicts.then(|| CONTRADICTS.to_owned());
        let found = endless
            .or(contradicts)
            .or(beyond)
            .or(bound)
            .or_else(broken)
            .or(self.unfound);
        Unsatisfied {
            detail: found.unwrap_or_else(|| NONE_FOUND.to_owned()),
        }
    }
}
