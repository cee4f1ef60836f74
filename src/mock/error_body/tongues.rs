//! The members of errors in other languages than English.

/// What is meant by names, without what parts their words, in German, French, Spanish, Portuguese,
/// Italian and Dutch.
const TONGUES: [(&str, &[&str]); 14] = [
    (
        "message",
        &[
            "meldung",
            "nachricht",
            "fehlermeldung",
            "fehlertext",
            "beschreibung",
            "messagederreur",
            "messageerreur",
            "mensaje",
            "mensajeerror",
            "mensajedeerror",
            "descripcion",
            "descripción",
            "mensagem",
            "mensagemerro",
            "mensagemdeerro",
            "descricao",
            "descrição",
            "messaggio",
            "messaggioerrore",
            "descrizione",
            "bericht",
            "melding",
            "foutmelding",
            "omschrijving",
        ],
    ),
    (
        "reason",
        &[
            "grund", "ursache", "raison", "motif", "motivo", "causa", "reden", "oorzaak",
        ],
    ),
    (
        "code",
        &[
            "fehlercode",
            "codeerreur",
            "codigo",
            "código",
            "codigoerror",
            "codigodeerror",
            "codigoerro",
            "codice",
            "codiceerrore",
            "foutcode",
        ],
    ),
    ("title", &["titel", "titre", "titulo", "título", "titolo"]),
    ("status", &["statut", "estado", "stato"]),
    (
        "field",
        &["feld", "feldname", "champ", "campo", "veld", "veldnaam"],
    ),
    ("value", &["wert", "valeur", "valor", "valore", "waarde"]),
    (
        "path",
        &["pfad", "chemin", "ruta", "caminho", "percorso", "pad"],
    ),
    (
        "timestamp",
        &[
            "zeitstempel",
            "zeitpunkt",
            "horodatage",
            "fecha",
            "fechahora",
            "dataora",
            "datahora",
            "tijdstip",
            "tijdstempel",
        ],
    ),
    ("method", &["methode", "méthode", "metodo", "método"]),
    ("type", &["typ", "tipo"]),
    ("name", &["nom", "nombre", "nome", "naam"]),
    ("error", &["fehler", "erreur", "erro", "errore", "fout"]),
    (
        "errors",
        &[
            "fehlerliste",
            "einzelfehler",
            "felder",
            "feldfehler",
            "erreurs",
            "champs",
            "errores",
            "campos",
            "erros",
            "errori",
            "campi",
            "fouten",
            "velden",
        ],
    ),
];

/// The English for a name that is plain already, or the name itself.
pub(super) fn english(plain: &str) -> &str {
    let mut tongues = TONGUES.iter();
    let known = tongues.find(|(_, names)| names.contains(&plain));
    known.map_or(plain, |(english, _)| english)
}
