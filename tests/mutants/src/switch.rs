//! One source with all mutants of a file in it, each behind `crate::mutant::on(<number>)`.

use crate::list::{Genre, Mutant};
use std::{collections::BTreeSet, fmt::Write as _, ops::Range};
use syn::{spanned::Spanned, visit::Visit};

/// What is known of mutants that cannot be switched at run time.
#[derive(Default)]
pub struct Refused {
    /// By number: does not compile.
    pub unviable: BTreeSet<usize>,
    /// By number: stands where a constant is computed, or does not compile together with others.
    pub left: BTreeSet<usize>,
    /// Functions that are called where a constant is computed and so have to stay `const`.
    pub constant: BTreeSet<String>,
}

impl Refused {
    pub fn has(&self, number: usize) -> bool {
        self.left.contains(&number) || self.unviable.contains(&number)
    }
}

/// A place that is rewritten.
struct Site {
    range: Range<usize>,
    kind: Kind,
    mutants: Vec<usize>,
}

#[derive(PartialEq)]
enum Kind {
    /// The statements of a function.
    Body,
    /// Operators, with all their operands.
    Expression,
    Guard,
    /// What stands behind the pattern of an arm: where the guard begins, if there is one.
    Arm(Option<usize>),
    /// `const` of a function.
    Const,
}

struct Sites<'a> {
    places: Vec<(usize, Range<usize>, Genre)>,
    refused: &'a mut Refused,
    sites: Vec<Site>,
    constant: bool,
}

/// `text` with all of `mutants` that belong to it, by number.
pub fn rewrite(text: &str, mutants: &[(usize, &Mutant)], refused: &mut Refused) -> String {
    let lines: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let at = |(line, column): (usize, usize)| {
        let start = lines[line - 1];
        let line = text[start..].split('\n').next().unwrap_or_default();
        start
            + line
                .char_indices()
                .nth(column - 1)
                .map_or(line.len(), |(at, _)| at)
    };
    let places = mutants
        .iter()
        .map(|(number, mutant)| {
            (
                *number,
                at(mutant.span.start)..at(mutant.span.end),
                mutant.genre,
            )
        })
        .collect();
    let mut sites = Sites {
        places,
        refused,
        sites: Vec::new(),
        constant: false,
    };
    sites.visit_file(&syn::parse_file(text).expect("valid source"));

    let Sites {
        places,
        mut sites,
        refused,
        ..
    } = sites;
    let found: BTreeSet<usize> = sites.iter().flat_map(|site| site.mutants.clone()).collect();
    refused.left.extend(
        places
            .iter()
            .map(|(number, ..)| *number)
            .filter(|number| !found.contains(number)),
    );
    for site in &mut sites {
        site.mutants.retain(|number| !refused.has(*number));
    }
    sites.retain(|site| site.kind == Kind::Const || !site.mutants.is_empty());
    // Outer ones first.
    sites.sort_by_key(|site| {
        (
            site.range.start,
            usize::MAX - site.range.end,
            matches!(site.kind, Kind::Expression),
        )
    });
    let what = |number: usize| {
        let (_, mutant) = mutants
            .iter()
            .find(|(other, _)| *other == number)
            .expect("one of them");
        let (_, place, _) = places
            .iter()
            .find(|(other, ..)| *other == number)
            .expect("one of them");
        (place.clone(), mutant.replacement.as_str())
    };
    let mut out = String::new();
    render(text, 0..text.len(), &sites, &what, &mut out);
    out
}

fn render<'a>(
    text: &str,
    range: Range<usize>,
    mut sites: &[Site],
    what: &impl Fn(usize) -> (Range<usize>, &'a str),
    out: &mut String,
) {
    let mut from = range.start;
    while let Some((site, rest)) = sites.split_first() {
        let inside = rest
            .iter()
            .take_while(|inner| inner.range.start < site.range.end)
            .count();
        let (inner, rest) = rest.split_at(inside);
        out.push_str(&text[from..site.range.start]);
        from = site.range.end;
        sites = rest;
        match site.kind {
            Kind::Const => {}
            Kind::Arm(guard) => {
                out.push_str(" if ");
                for (index, number) in site.mutants.iter().enumerate() {
                    let and = if index == 0 { "" } else { " && " };
                    let _ = write!(out, "{and}!crate::mutant::on({number})");
                }
                if let Some(guard) = guard {
                    out.push_str(" && (");
                    render(text, guard..site.range.end, inner, what, out);
                    out.push(')');
                }
            }
            Kind::Body => {
                for number in &site.mutants {
                    let (_, value) = what(*number);
                    let _ = write!(
                        out,
                        "if crate::mutant::on({number}) {{ /*<{number}*/ return {value}; /*>*/ }} "
                    );
                }
                render(text, site.range.clone(), inner, what, out);
            }
            Kind::Expression | Kind::Guard => {
                out.push('(');
                for number in &site.mutants {
                    let (place, by) = what(*number);
                    let (before, after) = (
                        &text[site.range.start..place.start],
                        &text[place.end..site.range.end],
                    );
                    let _ = write!(
                        out,
                        "if crate::mutant::on({number}) {{ /*<{number}*/ {before}{by} {after} /*>*/ }} else "
                    );
                }
                out.push('{');
                render(text, site.range.clone(), inner, what, out);
                out.push_str("})");
            }
        }
    }
    out.push_str(&text[from..range.end]);
}

impl Sites<'_> {
    fn add(
        &mut self,
        range: Range<usize>,
        kind: Kind,
        belongs: impl Fn(&Range<usize>, Genre) -> bool,
    ) {
        let mutants: Vec<usize> = self
            .places
            .iter()
            .filter(|(_, place, genre)| belongs(place, *genre))
            .map(|(number, ..)| *number)
            .collect();
        if self.constant {
            self.refused.left.extend(mutants);
        } else if !mutants.is_empty() {
            self.sites.push(Site {
                range,
                kind,
                mutants,
            });
        }
    }

    fn function(
        &mut self,
        signature: &syn::Signature,
        body: &syn::Block,
        visit: impl FnOnce(&mut Self),
    ) {
        let outer = self.constant;
        if let Some(keyword) = &signature.constness {
            self.constant = self.refused.constant.contains(&signature.ident.to_string());
            if !self.constant {
                let range = keyword.span.byte_range();
                self.sites.push(Site {
                    range,
                    kind: Kind::Const,
                    mutants: Vec::new(),
                });
            }
        }
        if let (Some(first), Some(last)) = (body.stmts.first(), body.stmts.last()) {
            let range = first.span().byte_range().start..last.span().byte_range().end;
            let same = range.clone();
            self.add(range, Kind::Body, |place, genre| {
                genre == Genre::Body && *place == same
            });
        }
        visit(self);
        self.constant = outer;
    }

    /// An operator's mutants, all of the same expression.
    fn operators(&mut self, expression: &syn::Expr) {
        let mut places = Vec::new();
        operators(expression, &mut places);
        let range = expression.span().byte_range();
        self.add(range, Kind::Expression, |place, genre| {
            genre == Genre::Operator && places.contains(&place.start)
        });
    }

    fn constant(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.constant, true);
        visit(self);
        self.constant = outer;
    }
}

/// The operators of one expression that are not inside of a call, block, parentheses or the like.
fn operators(expression: &syn::Expr, places: &mut Vec<usize>) {
    match expression {
        syn::Expr::Binary(binary) => {
            places.push(binary.op.span().byte_range().start);
            operators(&binary.left, places);
            operators(&binary.right, places);
        }
        syn::Expr::Unary(unary) => {
            places.push(unary.op.span().byte_range().start);
            operators(&unary.expr, places);
        }
        _ => {}
    }
}

fn has_let(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Sites<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block, |this| {
            syn::visit::visit_item_fn(this, item)
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block, |this| {
            syn::visit::visit_impl_item_fn(this, item)
        });
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        match &item.default {
            Some(body) => self.function(&item.sig, body, |this| {
                syn::visit::visit_trait_item_fn(this, item)
            }),
            None => syn::visit::visit_trait_item_fn(self, item),
        }
    }

    fn visit_expr(&mut self, expression: &'ast syn::Expr) {
        match expression {
            // Its operands, one by one: a `let` is no operand of `||`.
            syn::Expr::Binary(_) if has_let(expression) => syn::visit::visit_expr(self, expression),
            syn::Expr::Binary(_) | syn::Expr::Unary(_) => {
                self.operators(expression);
                self.below(expression);
            }
            syn::Expr::Const(block) => {
                self.constant(|this| syn::visit::visit_expr_const(this, block))
            }
            syn::Expr::Repeat(repeat) => {
                self.visit_expr(&repeat.expr);
                self.constant(|this| this.visit_expr(&repeat.len));
            }
            _ => syn::visit::visit_expr(self, expression),
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let whole = arm.span().byte_range();
        let belongs =
            |place: &Range<usize>, genre| genre == Genre::Arm && place.start == whole.start;
        match &arm.guard {
            Some((_, guard)) => {
                let range = guard.span().byte_range();
                self.add(
                    arm.pat.span().byte_range().end..range.end,
                    Kind::Arm(Some(range.start)),
                    belongs,
                );
                if !has_let(guard) {
                    let same = range.clone();
                    self.add(range, Kind::Guard, |place, genre| {
                        genre == Genre::Guard && *place == same
                    });
                }
            }
            None => {
                let end = arm.pat.span().byte_range().end;
                self.add(end..end, Kind::Arm(None), belongs);
            }
        }
        syn::visit::visit_arm(self, arm);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.constant(|this| syn::visit::visit_item_const(this, item));
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.constant(|this| syn::visit::visit_item_static(this, item));
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.constant(|this| syn::visit::visit_impl_item_const(this, item));
    }

    fn visit_trait_item_const(&mut self, item: &'ast syn::TraitItemConst) {
        self.constant(|this| syn::visit::visit_trait_item_const(this, item));
    }

    fn visit_type(&mut self, kind: &'ast syn::Type) {
        self.constant(|this| syn::visit::visit_type(this, kind));
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.constant(|this| syn::visit::visit_variant(this, variant));
    }

    fn visit_generic_argument(&mut self, argument: &'ast syn::GenericArgument) {
        self.constant(|this| syn::visit::visit_generic_argument(this, argument));
    }
}

impl Sites<'_> {
    /// What is below the operators of an expression.
    fn below(&mut self, expression: &syn::Expr) {
        match expression {
            syn::Expr::Binary(binary) => {
                self.below(&binary.left);
                self.below(&binary.right);
            }
            syn::Expr::Unary(unary) => self.below(&unary.expr),
            other => self.visit_expr(other),
        }
    }
}
