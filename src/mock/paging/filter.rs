//! Query parameters that filter a list: those that name a property of the items.

use super::lead::{Field, Lead};
use super::measure::Measure;
use super::name::{plain, words};
use super::property::{Properties, Property, of_item};
use super::told;
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// How many values one parameter may choose among.
const CHOICES: usize = 1_000;
/// How many conditions an object of them may state.
const CONDITIONS: usize = 50;
/// The longest name that is taken apart, in bytes.
const LONGEST: usize = 200;
/// What holds filters without being one: `filter[name]`.
const HOLDERS: [&str; 5] = ["filter", "filters", "where", "f", "by"];

/// How a property is compared with what a request says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Is,
    IsNot,
    More,
    NotLess,
    Less,
    NotMore,
    Has,
    Starts,
}

impl Test {
    /// That of a word before or behind the property's name.
    fn of(word: &str) -> Option<Test> {
        Some(match word {
            "eq" | "equals" | "in" | "exact" => Test::Is,
            "ne" | "neq" | "not" | "nin" => Test::IsNot,
            "gt" | "after" | "above" => Test::More,
            "gte" | "ge" | "min" | "minimum" | "since" | "from" | "start" => Test::NotLess,
            "lt" | "before" | "below" => Test::Less,
            "lte" | "le" | "max" | "maximum" | "until" | "to" | "end" => Test::NotMore,
            "contains" | "like" | "ilike" | "icontains" | "match" => Test::Has,
            "startswith" | "prefix" => Test::Starts,
            _ => return None,
        })
    }

    /// Whether it asks for more or less.
    fn is_range(self) -> bool {
        !matches!(self, Test::Is | Test::IsNot | Test::Has | Test::Starts)
    }
}

/// A property and how it is compared.
#[derive(Debug, Clone, PartialEq)]
struct Aim {
    property: Property,
    test: Test,
    /// Whether a text is a list of choices between commas.
    splits: bool,
}

/// A parameter that filters.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    field: Field,
    /// Nothing for an object whose members name the properties.
    aim: Option<Aim>,
}

/// What a request asks of one property.
#[derive(Debug)]
pub(super) struct Condition<'q> {
    property: String,
    test: Test,
    wanted: Vec<Wanted<'q>>,
}

#[derive(Debug)]
struct Wanted<'q> {
    text: std::borrow::Cow<'q, str>,
    measure: Option<Measure>,
}

impl Filter {
    /// The filter that a parameter is, if it is one.
    pub(super) fn of(lead: &Lead<'_>, properties: &Properties) -> Option<Filter> {
        let is_holder = HOLDERS.contains(&lead.plain.as_str()) && lead.may_be("object");
        let aim = match aim(&lead.field.wire, properties).or_else(|| moment(lead, properties)) {
            Some(mut aim) => {
                aim.splits |= told::mentions(&lead.description, &["comma"]);
                Some(aim)
            }
            None if is_holder => None,
            None => return None,
        };
        Some(Filter {
            field: lead.field.clone(),
            aim,
        })
    }

    /// Where a request says it.
    pub(super) fn field(&self) -> &Field {
        &self.field
    }

    /// The names of the parameter and of the property that it filters by.
    pub(super) fn told(&self) -> (&str, Option<&str>) {
        let property = self.aim.as_ref().map(|aim| aim.property.name.as_str());
        (&self.field.wire, property)
    }

    /// The property that a request says by it is one thing, and that.
    pub(super) fn said(&self, query: &Map<String, Value>) -> Option<(String, Value)> {
        let aim = self.aim.as_ref().filter(|aim| aim.test == Test::Is)?;
        let value = self.field.of(query)?;
        let condition = Condition::of(aim, value)?;
        let [wanted] = condition.wanted.as_slice() else {
            return None;
        };
        let value = match value {
            Value::Array(_) => Value::String(wanted.text.clone().into_owned()),
            value => value.clone(),
        };
        let value = match aim.property.is_list {
            true => Value::Array(vec![value]),
            false => value,
        };
        Some((aim.property.name.clone(), value))
    }

    /// What a request asks by it.
    pub(super) fn conditions<'q>(
        &self,
        query: &'q Map<String, Value>,
        properties: &Properties,
        conditions: &mut Vec<Condition<'q>>,
    ) {
        let Some(value) = self.field.of(query) else {
            return;
        };
        match &self.aim {
            // An object is of comparisons, each of which is a filter of its own where declared.
            Some(aim) => match value {
                Value::Object(members) => {
                    for (word, value) in members.iter().take(CONDITIONS) {
                        if let Some(test) = Test::of(&plain(word)) {
                            let aim = Aim {
                                test,
                                ..aim.clone()
                            };
                            conditions.extend(Condition::of(&aim, value));
                        }
                    }
                }
                value => conditions.extend(Condition::of(aim, value)),
            },
            None => {
                let members = value.as_object().into_iter().flatten();
                for (name, value) in members.take(CONDITIONS) {
                    let compared = value.as_object().into_iter().flatten();
                    for (word, value) in compared.take(CONDITIONS) {
                        let aim = aim(&format!("{name}[{word}]"), properties);
                        conditions.extend(aim.and_then(|aim| Condition::of(&aim, value)));
                    }
                    if !value.is_object() {
                        let aim = aim(name, properties);
                        conditions.extend(aim.and_then(|aim| Condition::of(&aim, value)));
                    }
                }
            }
        }
    }
}

/// What a name aims at.
fn aim(name: &str, properties: &Properties) -> Option<Aim> {
    let to = |property: &Property, test, splits| Aim {
        property: property.clone(),
        test,
        splits: splits || property.is_list,
    };
    if let Some(property) = properties.exact(name) {
        return Some(to(property, Test::Is, false));
    }
    if name.len() > LONGEST {
        return None;
    }
    let words = words(name);
    let (first, last) = (words.first()?, words.last()?);
    let but_first = words.get(1..).unwrap_or_default().concat();
    let but_last = words.get(..words.len() - 1).unwrap_or_default().concat();
    if HOLDERS.contains(&first.as_str())
        && let Some(found) = aim(&words[1..].join("_"), properties)
    {
        return Some(found);
    }
    if let Some(test) = Test::of(last)
        && let Some(property) = properties.meant(&but_last)
        && (!test.is_range() || property.has_order())
    {
        return Some(to(property, test, test == Test::Is));
    }
    if let Some(test) = Test::of(first)
        && test.is_range()
        && let Some(property) = properties.meant(&but_first)
        && property.has_order()
    {
        return Some(to(property, test, false));
    }
    if let Some(property) = properties.meant(name) {
        return Some(to(property, Test::Is, false));
    }
    if let Some((property, is_plural)) = properties.numbered(name) {
        return Some(to(property, Test::Is, is_plural));
    }
    let plain = words.concat();
    let beside = match (first.as_str(), last.as_str()) {
        (_, "id" | "ids") => properties.exact(&but_last),
        ("is" | "has", _) => properties.exact(&but_first),
        _ => ["id", "name"]
            .iter()
            .find_map(|end| properties.exact(&format!("{plain}{end}")))
            .or_else(|| properties.exact(&format!("is{plain}"))),
    };
    beside.map(|property| to(property, Test::Is, last == "ids"))
}

/// What a moment aims at that names no property: `since`, `start_date`.
fn moment(lead: &Lead<'_>, properties: &Properties) -> Option<Aim> {
    let words = words(&lead.field.wire);
    let is_plain = ["since", "until"].contains(&lead.plain.as_str());
    let others = [
        "date",
        "time",
        "at",
        "timestamp",
        "datetime",
        "updated",
        "modified",
        "created",
    ];
    let mut tests = words.iter().filter_map(|word| Test::of(word));
    let test = tests.next()?;
    let is_moment = words
        .iter()
        .all(|word| Test::of(word).is_some() || others.contains(&word.as_str()));
    let by_name = words.iter().any(|word| others.contains(&word.as_str()));
    if !test.is_range() || !is_moment || !(is_plain || by_name || lead.tells_of_time()) {
        return None;
    }
    let mentions = |words: &[&str]| told::mentions(&lead.description, words);
    let is_update = mentions(&["updated", "modified", "changed"])
        || lead.plain.contains("updated")
        || lead.plain.contains("modified");
    let is_creation = mentions(&["created"]) || lead.plain.contains("created");
    let updated = || {
        properties
            .updated()
            .filter(|_| is_update || lead.plain == "since")
    };
    // What lasts is found by all of the time that it lasts.
    let lasting = || {
        let (start, end) = properties.span().filter(|_| !is_update)?;
        Some(match test {
            Test::More | Test::NotLess => end,
            _ => start,
        })
    };
    let property = match is_creation && !is_update {
        true => properties.created(),
        false => updated().or_else(lasting).or_else(|| properties.dated()),
    };
    property.map(|property| Aim {
        property: property.clone(),
        test,
        splits: false,
    })
}

impl<'q> Condition<'q> {
    /// Nothing where no value could be meant: one that the property's own `enum` doesn't have,
    /// as `all` among states, asks for nothing in particular.
    fn of(aim: &Aim, value: &'q Value) -> Option<Condition<'q>> {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            Value::Null | Value::Object(_) => &[],
            value => std::slice::from_ref(value),
        };
        let mut wanted: Vec<Wanted<'q>> = Vec::new();
        for value in values {
            let room = CHOICES.saturating_sub(wanted.len());
            match value {
                Value::String(text) if aim.splits && text.contains(',') => {
                    let parts = text
                        .split(',')
                        .map(str::trim)
                        .filter(|part| !part.is_empty());
                    let measure = |text: &str| Measure::of(&Value::String(text.to_owned()));
                    wanted.extend(parts.take(room).map(|part| Wanted {
                        text: part.into(),
                        measure: measure(part),
                    }));
                }
                Value::Object(_) | Value::Array(_) | Value::Null => {}
                value if room > 0 => wanted.push(Wanted {
                    text: match value {
                        Value::String(text) => text.as_str().into(),
                        other => other.to_string().into(),
                    },
                    measure: Measure::of(value),
                }),
                _ => {}
            }
        }
        let choices = &aim.property.choices;
        if matches!(aim.test, Test::Is | Test::IsNot) && !choices.is_empty() {
            wanted.retain(|wanted| choices.iter().any(|choice| wanted.is(choice)));
        }
        // What stands for every value asks for none.
        let is_any = |text: &str| ["all", "any", "*"].contains(&text.to_lowercase().as_str());
        if matches!(aim.test, Test::Is) && wanted.iter().any(|wanted| is_any(&wanted.text)) {
            wanted.clear();
        }
        // A whole day begins at its beginning, and is over at its end.
        if matches!(aim.test, Test::More | Test::NotMore) {
            for wanted in &mut wanted {
                wanted.measure = wanted.measure.take().map(Measure::end_of_day);
            }
        }
        (!wanted.is_empty()).then(|| Condition {
            property: aim.property.name.clone(),
            test: aim.test,
            wanted,
        })
    }

    /// Whether an item meets it.
    pub(super) fn holds(&self, item: &Value) -> bool {
        let value = of_item(item, &self.property).unwrap_or(&Value::Null);
        match self.test {
            Test::Is => self.wanted.iter().any(|wanted| wanted.is_of(value)),
            Test::IsNot => !self.wanted.iter().any(|wanted| wanted.is_of(value)),
            test => match value {
                Value::Array(values) => values.iter().any(|value| self.ranges(test, value)),
                value => self.ranges(test, value),
            },
        }
    }

    fn ranges(&self, test: Test, value: &Value) -> bool {
        let text = || value.as_str().unwrap_or_default().to_lowercase();
        match test {
            Test::Has => {
                let text = text();
                return self
                    .wanted
                    .iter()
                    .any(|w| text.contains(&w.text.to_lowercase()));
            }
            Test::Starts => {
                let text = text();
                return self
                    .wanted
                    .iter()
                    .any(|w| text.starts_with(&w.text.to_lowercase()));
            }
            _ => {}
        }
        let Some(measure) = Measure::of(value) else {
            return false;
        };
        self.wanted.iter().any(|wanted| {
            let wanted = wanted.measure.as_ref();
            let order = wanted.and_then(|wanted| measure.range(wanted));
            match test {
                Test::More => order == Some(Ordering::Greater),
                Test::NotLess => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
                Test::Less => order == Some(Ordering::Less),
                _ => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            }
        })
    }
}

impl Wanted<'_> {
    /// Whether a value is this, or has it among its items or the scalars of an object.
    fn is_of(&self, value: &Value) -> bool {
        let in_object = |value: &Value| {
            let mut members = value.as_object().into_iter().flat_map(Map::values);
            members.any(|value| self.is(value))
        };
        match value {
            Value::Array(values) => values.iter().any(|v| self.is(v) || in_object(v)),
            Value::Object(_) => in_object(value),
            // What doesn't say that it is so isn't.
            Value::Null => self.text == "false",
            value => self.is(value),
        }
    }

    fn is(&self, value: &Value) -> bool {
        match (value, &self.measure) {
            (Value::String(text), _) if *text == self.text => true,
            (Value::Bool(value), _) => self.text == if *value { "true" } else { "false" },
            (Value::String(_), Some(Measure::Moment(start, is_day))) => match Measure::of(value) {
                // A day is all of its moments.
                Some(Measure::Moment(moment, false)) if *is_day => {
                    let end = Measure::Moment(*start, true).end_of_day();
                    moment >= *start && Measure::Moment(moment, false).order(&end).is_le()
                }
                Some(Measure::Moment(moment, _)) => moment == *start,
                _ => false,
            },
            (Value::Number(_), Some(wanted)) => {
                let measure = Measure::of(value);
                measure.and_then(|measure| measure.range(wanted)) == Some(Ordering::Equal)
            }
            _ => false,
        }
    }
}
