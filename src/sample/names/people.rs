use super::ask::{Ask, Senses};
use super::lands::{ascii, native};
use super::moments;
use super::persona::{one, slug};
use super::words::Words;
use crate::sample::draw::Draw;
use serde_json::Value;

pub(super) const FIRST_NAME: &str = "first name, given name, firstname, forename, fname, \
    first names, given names, preferred name, vorname, prenom, nombre de pila, primer nombre, \
    primeiro nome, voornaam";
pub(super) const LAST_NAME: &str = "last name, family name, lastname, surname, lname, sur name, \
    second name, maiden name, nachname, familienname, nom de famille, apellido, apellidos, \
    primer apellido, cognome, sobrenome, apelido, achternaam, familienaam";
pub(super) const FULL_NAME: &str = "full name, display name, real name, formatted name, \
    user full name, vollstandiger name, nom complet, nombre completo, nome completo, \
    volledige naam";
pub(super) const EMAIL: &str = "email, email address, e mail, mail, e mail address, user email, \
    primary email, work email, emailadresse, e mail adresse, mailadresse, courriel, adresse \
    mail, adresse email, correo, correo electronico, indirizzo email, emailadres, e mailadres";

/// What is known of people alone.
pub(super) const AGE: &str = "age, age years, age in years, alter, edad, idade, leeftijd";
pub(super) const GENDER: &str = "gender, sex, geschlecht, sexe, sexo, genero, sesso, geslacht";
pub(super) const SALUTATION: &str = "salutation, honorific, honorific prefix, name prefix, \
    courtesy title, person title, anrede, civilite, tratamiento, aanhef";
pub(super) const KNOWN: &str = "birth date, date of birth, dob, gender, age, job title, phone, \
    username, phone number, geburtsdatum, telefon, date de naissance, fecha de nacimiento, data di \
    nascita, data de nascimento, geboortedatum";

/// Names of what people and companies are called and known by.
pub(super) const PEOPLE: Senses = &[
    (FIRST_NAME, |ask, _| ask.text(ask.persona.first_name())),
    (LAST_NAME, |ask, _| ask.text(ask.persona.last_name())),
    (FULL_NAME, called),
    (EMAIL, |ask, _| ask.text(ask.persona.email())),
    ("blood type, blood group", |ask, draw| {
        ask.text(*draw.one_of(&["O+", "A+", "B+", "AB+", "O-", "A-"])?)
    }),
    ("airline, airline name, operating airline", |ask, draw| {
        let airlines = [
            "Meridian Air",
            "Northern Wings",
            "Harbor Airways",
            "Alpine Air",
        ];
        ask.text(*draw.one_of(&airlines)?)
    }),
    // The parts of a `name`.
    ("first, given", |ask, _| match is_of_name(ask) {
        true => ask.text(ask.persona.first_name()),
        false => None,
    }),
    ("last, family", |ask, _| match is_of_name(ask) {
        true => ask.text(ask.persona.last_name()),
        false => None,
    }),
    ("full, formatted, display", |ask, _| match is_of_name(ask) {
        true => ask.text(ask.persona.full_name()),
        false => None,
    }),
    // What is a family's name beside a given one, and the other way round.
    ("nom", |ask, _| match ask.persona.kin.names {
        (true, false) => ask.text(ask.persona.last_name()),
        _ => super::prose::called(ask, &ask.owner("nom")),
    }),
    ("name, nombre, nome", |ask, _| match ask.persona.kin.names {
        (false, true) => ask.text(ask.persona.first_name()),
        _ => super::prose::called(ask, &ask.owner(ask.words.last())),
    }),
    ("middle name, middlename, additional name", |ask, _| {
        let land = ask.persona.home;
        let mut draw = ask.persona.fact("middle name");
        let given = if ask.persona.female {
            land.women
        } else {
            land.men
        };
        let at = given
            .iter()
            .position(|name| *name == ask.persona.given.as_ref());
        let next = at.unwrap_or_default() + 1 + draw.below(given.len().saturating_sub(1));
        ask.text(native(given[next % given.len()]))
    }),
    ("initials", |ask, _| {
        let names = [&ask.persona.given, &ask.persona.family];
        let letters = names.iter().filter_map(|name| ascii(name).chars().next());
        ask.text(letters.collect::<String>().to_uppercase())
    }),
    ("nickname, nick name, nick", |ask, _| {
        ask.text(slug(&ascii(&ask.persona.given)))
    }),
    (
        "owner name, contact name, customer name, author name, account name, \
         account holder, recipient name, receiver name, card holder, cardholder, holder name, cardholder \
         name, card holder name, holder, author, creator, sender name, recipient, assignee, \
         reviewer, manager, editor, contact person, contact, attention, created by name, \
         beneficiary, debtor, debtor name, creditor, creditor name, payer, payer name, payee, \
         payee name, beneficiary name, from name, attn, owner display name, signatory, legal \
         representative, account holder name, emergency contact, artist, artist name, \
         director, writer, actor, ansprechpartner, inhaber, empfanger, autor, auteur, \
         destinataire, titulaire, titular, destinatario, contatto, contacto, contato",
        called,
    ),
    (
        "customer, client, caller, callee, guest, passenger, patient, driver, student, employee, \
         buyer, applicant, attendee, technician, instructor, requester, kunde, gast, \
         fahrer, patiente, cliente, passager",
        |ask, _| ask.text(ask.persona.full_name()),
    ),
    // Who lets a place, or who has a part of a service for themselves.
    ("tenant, tenant name", |ask, _| {
        let lets = [
            "lease",
            "rent",
            "rental",
            "apartment",
            "property",
            "landlord",
        ];
        match ask.is_near(&lets) {
            true => ask.text(ask.persona.full_name()),
            false => ask.text(slug(&ascii(&ask.persona.company))),
        }
    }),
    // Whoever did what was done: `acknowledgedBy`.
    ("by", |ask, _| {
        let done = ask.words.before("by");
        let others = [
            "sorted", "ordered", "grouped", "filtered", "followed", "powered", "limited",
        ];
        let is_done = done.ends_with("ed") && !others.contains(&done);
        match is_done || matches!(done, "sent" | "taken" | "written" | "made") {
            true => ask.text(ask.persona.username()),
            false => None,
        }
    }),
    (
        "username, user name, mention, mentions, login, login name, screen name, handle, screenname, created by, \
         updated by, modified by, user, login id, owner, assigned to, last modified by, \
         createdby, updatedby, approved by, requested by, uploaded by, posted by, deleted by, \
         user handle, submitted by, reported by, user login, twitter, twitter username, \
         skype, instagram, github, twitter handle",
        |ask, _| ask.text(ask.persona.username()),
    ),
    (
        "reply to, recipient email, to email, from email, owner email, billing email, upn, \
         home email, contact email, bcc, cc, support email, user principal name, preferred \
         email",
        |ask, _| ask.text(ask.persona.email()),
    ),
    (
        "phone, phone number, telephone, tel, mobile, mobile number, mobile phone, \
         phonenumber, cell, cell phone, home phone, work phone, telephone number, contact \
         number, contact phone, msisdn, phone home, cellphone, msisdns, business phone, \
         daytime phone, mobile no, phone no, caller id, phone mobile, whatsapp, day phone, \
         evening phone, cellular, landline, phone work, hotline, telefon, telefonnummer, handy, \
         handynummer, mobil, mobilnummer, rufnummer, festnetz, numero de telephone, telefono, \
         numero de telefono, numero telefono, celular, movil, cellulare, telefone, telemovel, \
         telefoon, telefoonnummer, mobiel",
        |ask, _| {
            let phone = ask.persona.phone("phone");
            match ask.is_text() {
                true => ask.text(phone),
                false => ask.integer(phone.trim_start_matches('+').parse().ok()?),
            }
        },
    ),
    ("fax, fax number, facsimile, fax no", |ask, _| {
        ask.text(ask.persona.phone("fax"))
    }),
    (GENDER, |ask, _| {
        ask.text(if ask.persona.female { "female" } else { "male" })
    }),
    (
        "birth date, date of birth, dob, birthday, birthdate, birth day, dateofbirth, born, \
         born on, born at, geburtsdatum, geburtstag, date de naissance, date naissance, fecha \
         de nacimiento, fecha nacimiento, data di nascita, data nascita, data de nascimento, \
         data nascimento, geboortedatum",
        |ask, _| {
            let at = ask.persona.birthday() * 86_400;
            match (ask.is_text(), ask.format) {
                (true, Some("date-time")) => ask.text(moments::instant(at)),
                (true, _) => ask.text(moments::date(at)),
                (false, _) => ask.integer(at),
            }
        },
    ),
    ("birth year, year of birth, birthyear", |ask, _| {
        ask.integer(moments::calendar(ask.persona.birthday() * 86_400).0)
    }),
    (AGE, |ask, _| {
        let moments = &ask.persona.moments;
        let now = moments.at(moments::Step::Updated) / 86_400;
        ask.integer((now - ask.persona.birthday()) * 100 / 36_525)
    }),
    (SALUTATION, |ask, _| {
        ask.text(if ask.persona.female { "Ms." } else { "Mr." })
    }),
    (
        "job title, jobtitle, occupation, profession, job, job role, designation, job \
         position, professional title, job name, beruf, berufsbezeichnung, metier, profesion, \
         professione, profissao, beroep",
        |ask, _| {
            let mut draw = ask.persona.fact("job");
            ask.text(one(ask.persona.home.jobs, &mut draw))
        },
    ),
    (
        "company name, company, organization, organization name, organisation, organisation \
         name, business name, legal name, merchant name, employer, vendor, manufacturer, \
         publisher, brand, brand name, supplier, org, org name, store name, shop name, trade \
         name, trading name, merchant, vendor name, supplier name, provider name, client \
         name, bank name, issuer, operator, business, employer name, carrier, carrier name, \
         manufacturer name, company legal name, registered name, site name, hotel name, \
         partner name, institution name, dba, doing business as, seller name, institution, \
         bank, statement descriptor, agency, network name, publisher name, maker, label name, \
         firma, firmenname, unternehmen, hersteller, lieferant, entreprise, societe, raison \
         sociale, fournisseur, empresa, proveedor, razon social, azienda, ragione sociale, \
         fornitore, fornecedor, razao social, bedrijf, bedrijfsnaam, leverancier",
        |ask, _| ask.text(native(&ask.persona.company)),
    ),
    (
        "department, department name, division, business unit, dept",
        |ask, draw| {
            let units = ["Sales", "Finance", "Operations", "Support", "Engineering"];
            ask.one_of(&units, draw)
        },
    ),
    ("make, car make, vehicle make", |ask, draw| {
        ask.one_of(&["Toyota", "Ford", "Renault", "Volkswagen"], draw)
    }),
    ("industry, sector", |ask, draw| {
        let sectors = [
            "Retail",
            "Manufacturing",
            "Education",
            "Health care",
            "Logistics",
        ];
        ask.one_of(&sectors, draw)
    }),
    ("marital status", |ask, draw| {
        ask.one_of(&["single", "married"], draw)
    }),
    ("nationality, citizenship", |ask, _| {
        ask.text(ask.persona.land.code)
    }),
    ("relationship, relation", |ask, draw| {
        ask.one_of(&["partner", "parent", "sibling", "friend"], draw)
    }),
];

/// Whether a word stands alone within a `name`.
fn is_of_name(ask: &Ask<'_>) -> bool {
    let around = ask.around.last().map(|name| Words::of(name));
    let is_name = around.is_some_and(|around| ["name", "names"].contains(&around.last()));
    is_name && ask.words.first() == ask.words.all()
}

/// What somebody is called in full. A display name is of what the object is, which needn't be a
/// person.
fn called(ask: &Ask<'_>, _: &mut Draw) -> Option<Value> {
    let owner = ask.owner(ask.words.all());
    match ask.words.last() == "name" && ask.words.first() != "full" {
        true => super::prose::called(ask, &person_unless_known(ask, &owner)),
        false => ask.text(ask.persona.full_name()),
    }
}

/// Who a `customerName` is called after, where nothing else is known of a `displayName`.
fn person_unless_known(ask: &Ask<'_>, owner: &str) -> String {
    let before = ask.words.before("name");
    match before {
        "display" | "formatted" if owner.is_empty() => "person".to_owned(),
        "display" | "formatted" => owner.to_owned(),
        "account" => "person".to_owned(),
        before => before.to_owned(),
    }
}
