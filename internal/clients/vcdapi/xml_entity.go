// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"net/http"
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// xmlKind is what users and groups differ in, as far as requests go.
type xmlKind struct {
	path       string // of one entity
	collection string // below the organization
	record     string // of the query service
	mediaType  string
	refs       func(*xmlOrg) *[]xmlReference // in the organization's document
}

var (
	xmlUsers = xmlKind{
		path: "/admin/user", collection: "/users", record: "user", mediaType: xmlUserType,
		refs: func(doc *xmlOrg) *[]xmlReference { return &doc.Users },
	}
	xmlGroups = xmlKind{
		path: "/admin/group", collection: "/groups", record: "group", mediaType: xmlGroupType,
		refs: func(doc *xmlOrg) *[]xmlReference { return &doc.Groups },
	}
)

func (a *xmlAPI) read(ctx context.Context, kind xmlKind, id string, out any) error {
	path, err := entityPath(kind.path, bareID(id))
	if err != nil {
		return err
	}
	return a.legacy(ctx, http.MethodGet, path, nil, "", nil, out)
}

func (a *xmlAPI) create(ctx context.Context, kind xmlKind, in, out any) error {
	err := a.legacy(ctx, http.MethodPost, a.orgPath()+kind.collection, nil, kind.mediaType, in, out)
	if err != nil {
		a.doc.drop() // what it says may be what led here
	}
	return err
}

func (a *xmlAPI) update(ctx context.Context, kind xmlKind, id string, in, out any) error {
	path, err := entityPath(kind.path, bareID(id))
	if err != nil {
		return err
	}
	return a.legacy(ctx, http.MethodPut, path, nil, kind.mediaType, in, out)
}

func (a *xmlAPI) remove(ctx context.Context, kind xmlKind, id string) error {
	path, err := entityPath(kind.path, bareID(id))
	if err != nil {
		return err
	}
	answer, err := a.send(ctx, call{method: http.MethodDelete, path: "/api" + path, accept: "application/*+xml"})
	if err == nil {
		err = a.awaitEnd(ctx, answer) // 204 is documented
	}
	if err != nil {
		a.doc.drop()
		return err
	}
	a.doc.change(func(doc xmlOrg) xmlOrg {
		refs := kind.refs(&doc)
		*refs = without(*refs, id)
		return doc
	})
	return nil
}

// remember notes a new entity in the organization's document, which would otherwise have to be read again.
func (a *xmlAPI) remember(kind xmlKind, created xmlReference) {
	a.doc.change(func(doc xmlOrg) xmlOrg {
		refs := kind.refs(&doc)
		*refs = append(without(*refs, created.Href), created)
		return doc
	})
}

// stillListed proves presence or absence. That an entity is there is believed of a document read just now alone: others
// may have deleted the entity since an older one.
func (a *xmlAPI) stillListed(ctx context.Context, kind xmlKind, id string) (bool, error) {
	doc, err := a.document(ctx)
	if err != nil || !listed(*kind.refs(&doc), id) {
		return false, err
	}
	a.doc.drop()
	doc, err = a.document(ctx)
	return listed(*kind.refs(&doc), id), err
}

// namedInXML reads the entities of that name, in any spelling, that the organization's document has.
func namedInXML[T any](ctx context.Context, a *xmlAPI, kind xmlKind, name string,
	read func(context.Context, string) (T, error)) ([]T, error) {
	doc, err := a.document(ctx)
	if err != nil {
		return nil, err
	}
	return readNamed(ctx, *kind.refs(&doc), name, read)
}

// lookInXML is namedInXML whatever was read before: in one request to the query service where a filter can hold the
// name.
func lookInXML[T any](ctx context.Context, a *xmlAPI, kind xmlKind, name string,
	read func(context.Context, string) (T, error)) ([]T, error) {
	if !plainName.MatchString(name) {
		a.doc.drop()
		return namedInXML(ctx, a, kind, name, read)
	}
	for _, filter := range nameFilters(a.version, "name", name) {
		records, err := a.query(ctx, kind.record, filter)
		if err != nil {
			return nil, err
		}
		refs := make([]xmlReference, len(records))
		for i, r := range records {
			refs[i] = xmlReference{Href: r.Href, Name: r.Name}
		}
		if found, err := readNamed(ctx, refs, name, read); err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

func readNamed[T any](ctx context.Context, refs []xmlReference, name string,
	read func(context.Context, string) (T, error)) ([]T, error) {
	var found []T
	for _, ref := range refs {
		if !names.Same(ref.Name, name) {
			continue
		}
		entity, err := read(ctx, ref.Href)
		if maybeMissing(err) {
			continue // deleted since the list was read
		}
		if err != nil {
			return nil, err
		}
		found = append(found, entity)
	}
	return found, nil
}

// listed reports whether one of the references is to that entity.
func listed(refs []xmlReference, id string) bool {
	return slices.ContainsFunc(refs, func(r xmlReference) bool { return bareID(r.Href) == bareID(id) })
}

func without(refs []xmlReference, id string) []xmlReference {
	return slices.DeleteFunc(slices.Clone(refs), func(r xmlReference) bool { return bareID(r.Href) == bareID(id) })
}
