//! The generated code thing by thing: what the emitters read.
//!
//! The model, its analysis and its names are side tables of one another. Here each version has its resources, each
//! resource its operations, and each operation its types, names and gates in place, so that an emitter looks nothing up.
//! What one of the tables lacks is an error.

mod gate;
mod traits;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

pub(crate) use self::gate::{Gate, version_cfg};
pub(crate) use self::traits::{Batch, Page};
use crate::config::{Config, Scope};
use crate::error::{Error, Errors, Problem};
use crate::model::{
    self, Analysis, Composite, Direction, Encoding, Field, Identifier, Model, Names, OperationName,
    Paging, Parameter, ParameterSet, ResourceName, RustPath, Shape, TypeDefinition, TypeId,
    TypeName, VersionName,
};
use crate::name::{rank, setter};

/// All of the generated code.
pub struct Code<'a> {
    /// The versions, newest first.
    pub(crate) versions: Vec<Version<'a>>,
    /// The generated types, in order of name.
    pub(crate) types: Vec<Type<'a>>,
    /// The sets of optional parameters, in order of module and name.
    pub(crate) sets: Vec<Set<'a>>,
    /// The scopes, in order of name.
    pub(crate) scopes: Vec<(&'a str, &'a Identifier, Option<&'a Scope>)>,
    /// The requirements with alternatives, each with the traits of its only alternative of several scopes.
    pub(crate) composites: Vec<(&'a Composite, Option<Vec<&'a Identifier>>)>,
}

/// A version of the APIs.
pub(crate) struct Version<'a> {
    pub(crate) name: &'a VersionName,
    /// The cargo feature that it needs.
    pub(crate) feature: Option<&'a String>,
    /// Whether it is at the top of the client.
    pub(crate) is_current: bool,
    pub(crate) resources: Vec<Resource<'a>>,
}

/// A handle of the client.
pub(crate) struct Resource<'a> {
    pub(crate) resource: &'a model::Resource,
    pub(crate) name: &'a ResourceName,
    pub(crate) gate: Gate,
    /// In order of path and method.
    pub(crate) operations: Vec<Operation<'a>>,
}

/// An operation with everything that code needs of it.
pub(crate) struct Operation<'a> {
    pub(crate) operation: &'a model::Operation,
    pub(crate) name: &'a OperationName,
    /// In the order of the path.
    pub(crate) in_path: Vec<Argument<'a>>,
    /// Those without which a call is refused, in order of name.
    pub(crate) in_query: Vec<Argument<'a>>,
    /// Every query parameter, in order of name.
    pub(crate) query: Vec<(&'a Parameter, TypeOf<'a>)>,
    pub(crate) body: Option<Body<'a>>,
    pub(crate) answer: Option<TypeOf<'a>>,
    pub(crate) optional: Option<Optional<'a>>,
    pub(crate) paging: Option<Paging>,
    pub(crate) is_idempotent: bool,
    pub(crate) is_read_only: bool,
    pub(crate) example: Option<&'a String>,
}

/// A required parameter.
pub(crate) struct Argument<'a> {
    pub(crate) ident: &'a Identifier,
    pub(crate) parameter: &'a Parameter,
    pub(crate) ty: TypeOf<'a>,
}

/// A request body.
pub(crate) struct Body<'a> {
    pub(crate) encoding: Encoding,
    pub(crate) ty: TypeOf<'a>,
    pub(crate) required: bool,
}

/// The optional parameters of an operation.
pub(crate) struct Optional<'a> {
    pub(crate) set: &'a ParameterSet,
    /// Whether the set is defined in the current version.
    pub(crate) is_current: bool,
}

/// A set of optional parameters.
pub(crate) struct Set<'a> {
    pub(crate) set: &'a ParameterSet,
    pub(crate) setters: Vec<Argument<'a>>,
    pub(crate) gate: Gate,
    /// What takes it: `contacts.list`.
    pub(crate) calls: BTreeSet<String>,
}

/// A generated type.
pub(crate) struct Type<'a> {
    pub(crate) definition: &'a TypeDefinition,
    pub(crate) name: &'a TypeName,
    pub(crate) direction: Direction,
    pub(crate) gate: Gate,
    /// The gate of what needs it in each version, by the version's name.
    pub(crate) gates: BTreeMap<&'a str, Gate>,
    /// The resources that need it.
    pub(crate) resources: BTreeSet<&'a str>,
    pub(crate) form: Form<'a>,
    pub(crate) page: Option<Page<'a>>,
    pub(crate) batch: Option<Batch<'a>>,
}

/// What a generated type looks like.
pub(crate) enum Form<'a> {
    Object(Vec<Member<'a>>),
    /// The variants, with the values that they stand for.
    Enum(Vec<(&'a Identifier, &'a String)>),
}

/// A field of an object.
pub(crate) struct Member<'a> {
    pub(crate) field: &'a Field,
    pub(crate) ident: &'a Identifier,
    pub(crate) setter: Identifier,
    pub(crate) ty: TypeOf<'a>,
    pub(crate) is_boxed: bool,
    /// Whether its values must not be seen in `Debug`, logs and errors.
    pub(crate) is_secret: bool,
    /// Whether a response is read without it, although the document calls it required.
    pub(crate) is_informational: bool,
}

/// The type of a value, with the names of named types in place.
pub(crate) type TypeOf<'a> = model::Type<Named<'a>>;

/// A named type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Named<'a> {
    Generated(&'a TypeName),
    /// One of the client's own runtime.
    Runtime(&'a RustPath),
}

impl TypeOf<'_> {
    /// The generated type that it mentions.
    pub(crate) fn generated(&self) -> Option<&TypeName> {
        match self.named() {
            Some(Named::Generated(name)) => Some(name),
            _ => None,
        }
    }
}

/// Joins a model with what is known of it.
pub fn join<'a>(
    model: &'a Model,
    names: &'a Names,
    analysis: &'a Analysis,
    config: &'a Config,
) -> Result<Code<'a>, Errors> {
    let join = Join {
        model,
        names,
        analysis,
        config,
    };
    Ok(Code {
        versions: join.versions()?,
        types: join.types()?,
        sets: join.sets()?,
        scopes: join.scopes(),
        composites: join.composites()?,
    })
}

struct Join<'a> {
    model: &'a Model,
    names: &'a Names,
    analysis: &'a Analysis,
    config: &'a Config,
}

/// What is found under a key in one of the tables.
fn found<T>(value: Option<T>, what: &'static str, key: impl Display) -> Result<T, Error> {
    value.ok_or_else(|| {
        let name = key.to_string();
        Error::in_file("the generator", Problem::NotJoined { what, name })
    })
}

impl<'a> Join<'a> {
    fn versions(&self) -> Result<Vec<Version<'a>>, Error> {
        let version = |name: &'a VersionName| {
            let resources = self.model.resources.iter().zip(&self.names.resources);
            let own = resources.filter(|(resource, _)| resource.version == name.name);
            let known = found(self.config.apis.version(&name.name), "version", &name.name)?;
            Ok(Version {
                name,
                feature: known.feature.as_ref(),
                is_current: name.name == self.config.apis.current,
                resources: own
                    .map(|(resource, name)| self.resource(resource, name))
                    .collect::<Result<_, _>>()?,
            })
        };
        self.names.versions.iter().map(version).collect()
    }

    fn resource(
        &self,
        resource: &'a model::Resource,
        name: &'a ResourceName,
    ) -> Result<Resource<'a>, Error> {
        let operations = self.model.operations_of(resource);
        let operations = operations.map(|endpoint| self.operation(endpoint));
        Ok(Resource {
            resource,
            name,
            gate: Gate::of(
                [(resource.version.as_str(), resource.name.as_str())],
                self.config,
            ),
            operations: operations.collect::<Result<_, _>>()?,
        })
    }

    fn operation(&self, endpoint: &'a model::Endpoint) -> Result<Operation<'a>, Error> {
        let (operation, id) = (&endpoint.operation, &endpoint.id);
        let name = found(
            self.names.operations.get(id),
            "the name of an operation",
            id,
        )?;
        let mut idents = name.arguments.iter();
        let required = operation.path_parameters.iter();
        let mut in_path = required
            .chain(operation.required_query())
            .map(|parameter| {
                let ident = idents.next();
                self.argument(parameter, found(ident, "the name of an argument", id)?)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let in_query = in_path.split_off(operation.path_parameters.len());
        let query = operation.query_parameters.iter();
        let body = operation.body.as_ref();
        let set = name.parameter_set.as_ref();
        Ok(Operation {
            operation,
            name,
            in_path,
            in_query,
            query: query
                .map(|parameter| Ok((parameter, self.ty(&parameter.ty)?)))
                .collect::<Result<_, Error>>()?,
            body: body.map(|body| self.body(body)).transpose()?,
            answer: operation
                .answer
                .as_ref()
                .map(|ty| self.ty(ty))
                .transpose()?,
            optional: set.map(|key| self.optional(key)).transpose()?,
            paging: self.analysis.paging.get(id).copied(),
            is_idempotent: self.analysis.idempotent.contains(id),
            is_read_only: self.analysis.read_only.contains(id),
            example: self.config.apis.examples.get(&name.id),
        })
    }

    fn argument(
        &self,
        parameter: &'a Parameter,
        ident: &'a Identifier,
    ) -> Result<Argument<'a>, Error> {
        Ok(Argument {
            ident,
            parameter,
            ty: self.ty(&parameter.ty)?,
        })
    }

    fn body(&self, body: &'a model::Body) -> Result<Body<'a>, Error> {
        Ok(Body {
            encoding: body.encoding,
            ty: self.ty(&body.ty)?,
            required: body.required,
        })
    }

    fn optional(&self, key: &'a (Identifier, Identifier)) -> Result<Optional<'a>, Error> {
        let sets = &self.names.parameter_sets;
        let set = found(sets.get(key), "a set of optional parameters", &key.1)?;
        let mut versions = self.names.versions.iter();
        let current = versions.find(|version| version.name == self.config.apis.current);
        Ok(Optional {
            set,
            is_current: current.is_some_and(|current| current.module == set.module),
        })
    }

    fn sets(&self) -> Result<Vec<Set<'a>>, Error> {
        let sets = self.names.parameter_sets.values();
        let set = |set: &'a ParameterSet| {
            let endpoints = self.model.operations.iter();
            let takers = endpoints.filter(|endpoint| set.operations.contains(&endpoint.id));
            let gates = takers
                .clone()
                .map(|endpoint| (endpoint.version.as_str(), endpoint.resource.as_str()));
            let calls = takers.map(|endpoint| {
                let name = self.names.operations.get(&endpoint.id);
                let name = found(name, "the name of an operation", &endpoint.id)?;
                Ok(format!("`{}.{}`", endpoint.resource, name.method.plain()))
            });
            let setters = set.setters.iter();
            let setters = setters.map(|(ident, parameter)| self.argument(parameter, ident));
            Ok(Set {
                set,
                setters: setters.collect::<Result<_, _>>()?,
                gate: Gate::of(gates, self.config),
                calls: calls.collect::<Result<_, Error>>()?,
            })
        };
        sets.map(set).collect()
    }

    fn types(&self) -> Result<Vec<Type<'a>>, Error> {
        let types = self.names.types.iter();
        types.map(|(id, name)| self.definition(id, name)).collect()
    }

    fn definition(&self, id: &'a TypeId, name: &'a TypeName) -> Result<Type<'a>, Error> {
        let definition = found(self.model.types.get(id), "the definition of a type", id)?;
        let needed_by = found(self.analysis.gates.get(id), "what needs a type", id)?;
        let direction = self.analysis.directions.get(id).copied();
        let pairs = || {
            let pairs = needed_by.iter();
            pairs.map(|(version, resource)| (version.as_str(), resource.as_str()))
        };
        let versions = pairs().map(|(version, _)| version).collect::<BTreeSet<_>>();
        let gates = versions.into_iter().map(|version| {
            let here = pairs().filter(|(needing, _)| *needing == version);
            (version, Gate::of(here, self.config))
        });
        let form = match &definition.shape {
            Shape::Object(fields) => {
                let members = fields.iter();
                let members = members.map(|field| self.member(id, definition, name, field));
                Form::Object(members.collect::<Result<_, _>>()?)
            }
            Shape::Enum(values) => {
                let variant = |value: &'a String| {
                    let ident = name.members.get(value);
                    Ok((found(ident, "the name of a value", value)?, value))
                };
                Form::Enum(values.iter().map(variant).collect::<Result<_, Error>>()?)
            }
            Shape::Alias(_) => return found(None, "the shape of a type", id),
        };
        Ok(Type {
            definition,
            name,
            direction: found(direction, "the direction of a type", id)?,
            gate: Gate::of(pairs(), self.config),
            gates: gates.collect(),
            resources: pairs().map(|(_, resource)| resource).collect(),
            form,
            page: self.page(id, definition)?,
            batch: self.batch(id, definition)?,
        })
    }

    fn member(
        &self,
        id: &TypeId,
        owner: &TypeDefinition,
        name: &'a TypeName,
        field: &'a Field,
    ) -> Result<Member<'a>, Error> {
        let ident = name.members.get(&field.name);
        let ident = found(ident, "the name of a field", &field.name)?;
        let apis = owner.found_in.iter();
        let mut apis = apis.filter_map(|(_, api)| self.config.apis.api(api));
        let is_text = field.ty == model::Type::String;
        Ok(Member {
            field,
            ident,
            setter: setter(ident),
            ty: self.ty(&field.ty)?,
            is_boxed: self
                .analysis
                .boxed
                .contains(&(id.clone(), field.name.clone())),
            is_informational: self.is_informational(id, field),
            is_secret: is_text && apis.any(|api| api.secrets.contains(&field.name)),
        })
    }

    fn ty(&self, ty: &model::Type) -> Result<TypeOf<'a>, Error> {
        ty.map(&|id| {
            let generated = self.names.types.get(id).map(Named::Generated);
            let runtime = || self.names.runtime.get(id).map(Named::Runtime);
            found(generated.or_else(runtime), "the name of a type", id)
        })
    }

    fn scopes(&self) -> Vec<(&'a str, &'a Identifier, Option<&'a Scope>)> {
        let scopes = self.names.scopes.iter();
        scopes
            .map(|(scope, ident)| (scope.as_str(), ident, self.config.scopes.get(scope)))
            .collect()
    }

    fn composites(&self) -> Result<Vec<(&'a Composite, Option<Vec<&'a Identifier>>)>, Error> {
        let composites = self.names.composites.values();
        let with_joint = |composite: &'a Composite| {
            let alternatives = composite.requirement.alternatives().iter();
            let mut joint = alternatives.filter(|alternative| alternative.scopes().len() > 1);
            let only = joint.next().filter(|_| joint.next().is_none());
            let traits = only.map(|alternative| {
                let traits = alternative.scopes().iter().map(|scope| {
                    let ident = self.names.scopes.get(scope);
                    found(ident, "the trait of a scope", scope)
                });
                traits.collect::<Result<Vec<_>, _>>()
            });
            Ok((composite, traits.transpose()?))
        };
        composites.map(with_joint).collect()
    }
}

impl<'a> Resource<'a> {
    /// The operations in the order in which a reader looks for them.
    pub(crate) fn for_readers(&self) -> Vec<&Operation<'a>> {
        let mut operations = self.operations.iter().collect::<Vec<_>>();
        operations.sort_by_key(|operation| {
            let method = operation.name.method.plain();
            (rank(method), method)
        });
        operations
    }
}

impl<'a> Operation<'a> {
    /// The types that the signature of its method mentions.
    pub(crate) fn types(&self) -> impl Iterator<Item = &TypeOf<'a>> {
        let arguments = self.in_path.iter().chain(&self.in_query);
        let body = self.body.iter().map(|body| &body.ty);
        arguments
            .map(|argument| &argument.ty)
            .chain(body)
            .chain(&self.answer)
    }
}
