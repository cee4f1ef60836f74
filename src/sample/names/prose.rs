use super::ask::{Ask, Senses};
use super::lands::{ascii, native};
use super::persona::{one, slug};
use super::subject::{self, Subject};
use serde_json::Value;

const FAILURE: &str = "The request could not be completed.";

/// Names of a day of the week.
pub(super) const WEEKDAY: &str = "weekday, day of week, day name, dayofweek, week day";

/// Names of what is written for people to read.
pub(super) const PROSE: Senses = &[
    ("naam", |ask, _| called(ask, &ask.owner("naam"))),
    (
        "title, subject, subject line, email subject, headline, caption, heading, label, product name, item name, short \
         name, product title, short title, page title, event name, product, item, article, \
         meta title, seo title, friendly name, event title, alt, alt text, topic, display \
         label, book title, long name, common name, text label, tag text, titel, bezeichnung, \
         uberschrift, betreff, produkt, produktname, artikel, artikelbezeichnung, titre, intitule, \
         libelle, objet, produit, titulo, asunto, producto, titolo, oggetto, prodotto, assunto, \
         produto, onderwerp",
        |ask, _| {
            let owner = ask.owner("name");
            match subject::of(&owner) {
                Subject::Person if ask.words.all() == "title" => {
                    let mut draw = ask.persona.fact("job");
                    ask.text(one(ask.persona.land.jobs, &mut draw))
                }
                _ => ask.text(native(ask.persona.thing)),
            }
        },
    ),
    (
        "project, team, service, repository, repo, bucket, namespace, database, network, \
         cluster, container, package, application, app, instance, device, system, environment \
         name, job, resource, event group, folder name, table, template, queue, function, \
         node, zone, campaign, course, store, pet",
        |ask, _| called(ask, ask.words.last()),
    ),
    (
        "home team, away team, home team name, away team name, opponent, opponent name",
        |ask, draw| {
            let places = ask.persona.land.places;
            let city = places[draw.below(places.len())].city;
            let club = draw.one_of(&["United", "Rovers", "Athletic"]).copied()?;
            ask.text(format!("{city} {club}"))
        },
    ),
    (
        "key, alias, code name, machine name, internal name, system name, shortname",
        |ask, _| ask.text(slug(&ascii(ask.persona.thing))),
    ),
    (
        "slug, permalink slug, url slug, url key, seo name, handle slug, url name",
        |ask, _| ask.text(slug(&ascii(ask.persona.thing))),
    ),
    (
        "description, summary, short description, long description, full description, body, \
         text, content, details, detail, excerpt, abstract, overview, meta description, desc, \
         about, subtitle, synopsis, tagline, intro, blurb, introduction, body text, plain \
         text, contents, purpose, long text, product description, seo description, item \
         description, event description, instructions, terms, additional info, instruction, \
         help text, definition, story, lead, condition description, plot, snippet, product \
         details, requirements, features, information, directions, ingredients, narrative, \
         beschreibung, kurzbeschreibung, zusammenfassung, inhalt, resume, descripcion, resumen, \
         contenido, descrizione, contenuto, descricao, resumo, conteudo, omschrijving, \
         beschrijving, samenvatting, inhoud",
        |ask, _| ask.text(ask.persona.sentence(ask.words.all())),
    ),
    (
        "special requests, special request, requests text, comment, comments, note, notes, memo, remarks, remark, message, feedback, review, \
         msg, reply, annotation, commit message, message text, answer, message body, \
         additional information, customer note, internal note, greeting, special \
         instructions, observation, observations, internal notes, post, caption text, comment \
         text, review text, status message, user message, text message, response message, \
         notice, announcement, preview text, success message, kommentar, bemerkung, \
         bemerkungen, anmerkung, anmerkungen, notiz, hinweis, nachricht, commentaire, remarque, \
         comentario, comentarios, mensaje, nota, commento, messaggio, mensagem, observacion, \
         observaciones, opmerking, opmerkingen, bericht",
        |ask, _| match ask.is_near(&["error", "errors"]) {
            true => ask.text(FAILURE),
            false => ask.text(ask.persona.sentence(ask.words.all())),
        },
    ),
    (
        "bio, biography, about me, profile description, headline bio",
        |ask, _| {
            let persona = ask.persona;
            match persona.land.code {
                "US" => {
                    let job = one(persona.land.jobs, &mut persona.fact("job"));
                    let (company, city) = (native(&persona.company), persona.place.city);
                    ask.text(format!("{job} at {company}, based in {city}."))
                }
                _ => ask.text(persona.sentence("bio")),
            }
        },
    ),
    (
        "error, error message, error description, error detail, error text, failure reason, \
         failure message, warning, error msg, errors, error details, exception, warnings, \
         last error, warning message, fault, status description, fail reason, error reason, \
         developer message, exception message",
        |ask, _| ask.text(FAILURE),
    ),
    (
        "reason, cancellation reason, cancel reason, reject reason, refund reason, rejection \
         reason, justification, return reason, decline reason, change reason",
        |ask, draw| match ask.words.has(&["lock", "locked", "close", "closed"]) {
            true => ask.one_of(&["resolved", "off-topic"], draw),
            false => ask.text("Requested by the customer"),
        },
    ),
    ("question, prompt", |ask, _| {
        ask.text("Which one do you prefer?")
    }),
    (
        "tag, tags, keyword, keywords, labels, hashtag, topics, interests, hashtags",
        |ask, draw| {
            let words = [
                "new", "featured", "seasonal", "popular", "outdoor", "handmade", "sale", "gift",
            ];
            ask.one_of(&words, draw)
        },
    ),
    (
        "category, categories, category name, genre, section, department type, class, product \
         category, classification, group, genres, collection, subcategory, product type, \
         group name, category title, sub category, segment, kategorie, categorie, categoria",
        |ask, draw| {
            let words = ["Home", "Garden", "Kitchen", "Office", "Books", "Outdoor"];
            ask.one_of(&words, draw)
        },
    ),
    (
        "color, colour, color name, colors, background color, text color, font color, border \
         color, bg color, hex color, color hex, color code, foreground color, primary color, \
         secondary color, theme color, accent color, eye color, hair color",
        |ask, draw| {
            let hex = [
                "#1f6feb", "#2da44e", "#bf8700", "#cf222e", "#8250df", "#57606a",
            ];
            let before = ask.words.has(&[
                "background",
                "text",
                "font",
                "border",
                "bg",
                "hex",
                "code",
                "foreground",
                "primary",
                "secondary",
                "theme",
                "accent",
            ]);
            match before || ask.owner(ask.words.last()) == "label" {
                true => ask.one_of(&hex, draw),
                false => ask.one_of(&["blue", "green", "black", "white", "red", "grey"], draw),
            }
        },
    ),
    ("material, fabric", |ask, draw| {
        ask.one_of(&["wood", "linen", "steel", "glass", "wool"], draw)
    }),
    ("emoji", |ask, draw| {
        ask.one_of(&["🎉", "👍", "✨", "🌱"], draw)
    }),
    (
        "unit, unit of measure, units, uom, unit of measurement, quantity unit, unit name",
        |ask, _| ask.text("piece"),
    ),
    ("weight unit, weight units, mass unit", |ask, _| {
        ask.text("kg")
    }),
    (
        "dimension unit, length unit, dimensions unit, distance unit",
        |ask, _| ask.text("cm"),
    ),
    ("tax name, tax label", |ask, _| ask.text("VAT")),
    ("breed", |ask, draw| {
        ask.one_of(&["Beagle", "Border Collie", "Tabby", "Poodle"], draw)
    }),
    ("species", |ask, draw| {
        ask.one_of(&["dog", "cat", "rabbit"], draw)
    }),
    (
        "model, model name, device model, product model",
        |ask, draw| ask.text(format!("M{}", 100 + 10 * draw.below(90))),
    ),
    (WEEKDAY, |ask, draw| match ask.is_text() {
        true => ask.one_of(
            &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
            draw,
        ),
        false => ask.between(1, 7, draw),
    }),
    ("month name", |ask, draw| {
        ask.one_of(&["March", "May", "June", "September"], draw)
    }),
    ("season", |ask, draw| match ask.is_text() {
        true => ask.one_of(&["spring", "summer", "autumn", "winter"], draw),
        false => ask.between(1, 8, draw),
    }),
    (
        "query, search, q, search term, search query, search text",
        |ask, _| {
            let thing = native(ask.persona.thing).to_lowercase();
            ask.text(thing)
        },
    ),
];

/// What the owner of a `name` is called: a customer isn't called as a chair is.
pub(super) fn called(ask: &Ask<'_>, owner: &str) -> Option<Value> {
    let persona = ask.persona;
    let thing = ascii(persona.thing);
    match subject::of(owner) {
        Subject::Person => ask.text(persona.full_name()),
        Subject::Company => ask.text(native(&persona.company)),
        Subject::Place if owner.ends_with("city") || owner.ends_with("town") => {
            ask.text(persona.place.city)
        }
        Subject::Place if last(owner) == "location" || last(owner) == "place" => {
            ask.text(persona.place.city)
        }
        Subject::Place => ask.text(format!("{} {}", persona.place.city, capital(last(owner)))),
        Subject::Pet => {
            let mut draw = persona.fact("pet");
            ask.text(one(
                &[
                    "Rex", "Bella", "Milo", "Luna", "Max", "Daisy", "Oscar", "Ruby", "Simba",
                    "Coco", "Felix", "Nala", "Otis", "Pepper", "Toby", "Willow",
                ],
                &mut draw,
            ))
        }
        Subject::File => ask.text(super::web::file(ask)),
        Subject::Code => ask.text(slug(&thing)),
        Subject::Product => ask.text(native(persona.thing)),
        Subject::Group => {
            // As things differ from one to another, so do groups.
            let things = persona.home.things;
            let at = things.iter().position(|thing| *thing == persona.thing);
            let firsts = ["Spring", "North", "Main", "Green", "Open", "First"];
            let first = firsts[at.unwrap_or_default() % firsts.len()];
            ask.text(format!("{first} {}", last(owner)))
        }
        Subject::Other => match owner {
            "country" => ask.text(persona.country()),
            "region" | "state" | "province" => ask.text(persona.place.region),
            "language" => ask.text(persona.land.language_name),
            "currency" => ask.text(persona.tender.currency),
            "street" => ask.text(persona.street()),
            _ if persona.kin.person => ask.text(persona.full_name()),
            _ => ask.text(native(persona.thing)),
        },
    }
}

fn last(words: &str) -> &str {
    words.rsplit(' ').next().unwrap_or_default()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase());
    first.into_iter().flatten().chain(letters).collect()
}
