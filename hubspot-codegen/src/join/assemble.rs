//! Joins the model with its names and analysis.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::{
    Argument, Body, Code, Form, Gate, Member, Named, Operation, Optional, Requirement, Resource,
    Set, Type, TypeOf, Variant, Version, wire::set_renamed,
};
use crate::config::{Config, Scope};
use crate::error::{Error, Errors, Problem};
use crate::model::{
    self, Analysis, Composite, Encoding, Field, Identifier, Model, Names, Parameter, ParameterSet,
    ResourceName, Shape, TypeDefinition, TypeId, TypeName, VersionName,
};
use crate::name::{extension, setter};

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
        home: &config.home,
        versions: join.versions()?,
        types: join.types()?,
        sets: join.sets()?,
        scopes: join.scopes(),
        composites: join.composites()?,
    })
}

pub(super) struct Join<'a> {
    pub(super) model: &'a Model,
    pub(super) names: &'a Names,
    pub(super) analysis: &'a Analysis,
    pub(super) config: &'a Config,
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
        let handle_parameter = self.config.apis.api(&resource.name);
        let handle_parameter = handle_parameter.and_then(|api| api.handle.as_deref());
        let operations = self.model.operations_of(resource).map(|endpoint| {
            let operation = &endpoint.operation;
            let mut parameters = operation.path_parameters.iter();
            match handle_parameter {
                Some(handle_parameter)
                    if !parameters.any(|parameter| parameter.name == handle_parameter) =>
                {
                    let (api, parameter) = (resource.name.clone(), handle_parameter.to_owned());
                    let problem = Problem::WithoutHandle { api, parameter };
                    Err(Error::new(operation.place.clone(), problem))
                }
                _ => self.operation(endpoint),
            }
        });
        Ok(Resource {
            model: resource,
            name,
            gate: Gate::of(
                [(resource.version.as_str(), resource.name.as_str())],
                self.config,
            ),
            handle_parameter,
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
            model: operation,
            name,
            in_path,
            in_query,
            query: query
                .map(|parameter| Ok((parameter, self.ty(&parameter.ty)?)))
                .collect::<Result<_, Error>>()?,
            body: body.map(|body| self.body(body)).transpose()?,
            response: operation
                .response
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
            media_type: &body.media_type,
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
                names: set,
                extension: extension(&set.ident),
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
        let mut is_camel_case = false;
        let form = match &definition.shape {
            Shape::Object(fields) => {
                let members = fields.iter().filter(|field| field.constant().is_none());
                let members = members.map(|field| self.member(id, definition, name, field));
                let mut members = members.collect::<Result<Vec<_>, _>>()?;
                is_camel_case = set_renamed(&mut members);
                Form::Object(members)
            }
            Shape::Enum(values) => {
                let variant = |value: &'a String| {
                    let ident = name.members.get(value);
                    Ok((found(ident, "the name of a value", value)?, value))
                };
                Form::Enum(values.iter().map(variant).collect::<Result<_, Error>>()?)
            }
            Shape::Union(variants) => {
                let variant = |of: &'a model::Variant| {
                    let ident = found(
                        name.members.get(&of.name),
                        "the name of a variant",
                        &of.name,
                    )?;
                    let ty = self.ty(&of.ty)?;
                    Ok(Variant { ident, of, ty })
                };
                Form::Union(variants.iter().map(variant).collect::<Result<_, Error>>()?)
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
            is_form: self.is_form(id),
            is_camel_case,
        })
    }

    /// Returns whether a type is the multipart form of an operation.
    fn is_form(&self, id: &TypeId) -> bool {
        let bodies = self.model.operations.iter();
        let mut bodies = bodies.filter_map(|endpoint| endpoint.operation.body.as_ref());
        bodies.any(|body| {
            body.encoding == Encoding::Multipart && body.ty == model::Type::Named(id.clone())
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
        let place = (id.clone(), field.name.clone());
        Ok(Member {
            field,
            ident,
            setter: setter(ident),
            ty: self.ty(&field.ty)?,
            is_boxed: self.analysis.boxed.contains(&place),
            is_renamed: false,
            is_informational: self.is_informational(id, field)
                || self.analysis.endless.contains(&place),
            is_secret: is_text && apis.any(|api| api.secrets.contains(&field.name)),
        })
    }

    pub(super) fn ty(&self, ty: &model::Type) -> Result<TypeOf<'a>, Error> {
        ty.map(&|id| {
            let generated = self.names.types.get(id).map(Named::Generated);
            let runtime = || self.names.runtime.get(id).map(Named::Runtime);
            found(generated.or_else(runtime), "the name of a type", id)
        })
    }

    fn scopes(&self) -> Vec<(&'a str, &'a Identifier, Option<&'a Scope>)> {
        let scopes = self.names.scopes.iter();
        let home = &self.config.home;
        scopes
            .filter(|(scope, _)| !home.client_has_scope(scope))
            .map(|(scope, ident)| (scope.as_str(), ident, self.config.scopes.get(scope)))
            .collect()
    }

    fn composites(&self) -> Result<Vec<Requirement<'a>>, Error> {
        let composites = self.names.composites.iter();
        let home = &self.config.home;
        let own = composites.filter(|(requirement, _)| !home.client_has_requirement(requirement));
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
            let joint = traits.transpose()?;
            Ok(Requirement { composite, joint })
        };
        own.map(|(_, composite)| with_joint(composite)).collect()
    }
}
