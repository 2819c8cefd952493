//! Schemas of two custom objects, whose records are associated and searched; and a schema that is changed.

use hubspot_generated::models::{
    CreateObjectSchema, CreateSchemaProperty, FieldType, ObjectTypeLabels, PropertyType,
    UpdateObjectSchema,
};
use hubspot_generated::{Client, Error, Record, RecordId};

use crate::JobScopes;

#[derive(Debug, Record)]
#[hubspot(object = "p_book")]
pub(crate) struct Book {
    pub(crate) id: RecordId,
    pub(crate) title: String,
    pub(crate) pages: Option<i64>,
}

#[derive(Debug, Record)]
#[hubspot(object = "p_author")]
pub(crate) struct Author {
    pub(crate) name: String,
}

/// Defines books and authors, and returns the long books of an author.
pub(crate) async fn publish(hubspot: &Client<JobScopes>) -> Result<Vec<Book>, Error> {
    let mut author = schema("author", "name");
    author.associated_objects = Vec::new();
    let author = hubspot.schemas().create(author).await?;
    let mut book = schema("book", "title");
    book.associated_objects = vec![author.object_type_id];
    let pages =
        CreateSchemaProperty::new("pages", "Pages", FieldType::Number, PropertyType::Number);
    book.properties.push(pages);
    hubspot.schemas().create(book).await?;

    let (books, authors) = (hubspot.records::<Book>(), hubspot.records::<Author>());
    let ada = authors
        .create(AuthorPatch::new().name("Ada Lovelace"))
        .await?;
    for (title, pages) in [("Notes", 66), ("Letters", 439)] {
        let book = books
            .create(BookPatch::new().title(title).pages(pages))
            .await?;
        books.associate(book.id).with::<Author>(ada.id).await?;
    }
    let of_ada = authors.associated::<Book>(ada.id).all().await?;
    let long = books.search(Book::PAGES.gt(100)).await?.results.into_iter();
    let long = long.collect::<Result<Vec<_>, _>>()?;
    Ok(long
        .into_iter()
        .filter(|book| of_ada.contains(&book.id))
        .collect())
}

fn schema(name: &str, title: &str) -> CreateObjectSchema {
    let labels = ObjectTypeLabels::new()
        .singular(name)
        .plural(format!("{name}s"));
    let mut schema = CreateObjectSchema::new(name, labels);
    let title_of = CreateSchemaProperty::new(title, title, FieldType::Text, PropertyType::String);
    schema.properties = vec![title_of];
    schema.primary_display_property = Some(title.to_owned());
    schema.required_properties = vec![title.to_owned()];
    schema
}

/// Fetches a schema, and changes its description. Returns the new one.
pub(crate) async fn describe(
    hubspot: &Client<JobScopes>,
    object: &str,
) -> Result<Option<String>, Error> {
    let schema = hubspot.schemas().get(object).await?;
    let mut change = UpdateObjectSchema::new();
    change.description = Some(format!("{} properties", schema.properties.len()));
    hubspot.schemas().update(object, change).await?;
    Ok(hubspot.schemas().get(object).await?.description)
}
