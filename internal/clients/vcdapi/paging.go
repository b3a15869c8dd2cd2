package vcdapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// pageSize is the most that the server puts on a page.
const pageSize = 128

// maxPages bounds a list whose total keeps growing while it is read.
const maxPages = 10_000

// listPage is a page of a CloudAPI list. Some endpoints leave out the Link header, so the total decides about the next page.
type listPage struct {
	Total  int               `json:"resultTotal"`
	Page   int               `json:"page"`
	Size   int               `json:"pageSize"`
	Values []json.RawMessage `json:"values"`
}

// pages is how many pages the whole list has.
func (p listPage) pages() int {
	size := p.Size
	if size <= 0 || size > pageSize {
		size = pageSize
	}
	return (p.Total + size - 1) / size
}

// page reads one page of a collection. The order by sortAsc keeps a list whole while pages are fetched one by one.
func (s scope) page(ctx context.Context, path, filter, sort string, number int) (listPage, error) {
	query := url.Values{"page": {strconv.Itoa(number)}, "pageSize": {strconv.Itoa(pageSize)}}
	if filter != "" {
		query.Set("filter", filter)
		query.Set("filterEncoded", "true")
	}
	if sort != "" {
		query.Set("sortAsc", sort)
	}
	var page listPage
	if _, err := s.cloud(ctx, http.MethodGet, path, query, nil, &page); err != nil {
		return listPage{}, err
	}
	if page.Page != 0 && page.Page != number {
		return listPage{}, fmt.Errorf("the server answered page %d of a list when asked for page %d", page.Page, number)
	}
	if len(page.Values) == 0 && number < page.pages() {
		return listPage{}, fmt.Errorf("page %d of a list is empty, although there are %d entries", number, page.Total)
	}
	return page, nil
}

// list reads all pages of a collection.
func list[T any](ctx context.Context, s scope, path, filter, sort string, read func(json.RawMessage) (T, error)) ([]T, error) {
	var all []T
	for number := 1; number <= maxPages; number++ {
		page, err := s.page(ctx, path, filter, sort, number)
		if err != nil {
			return nil, err
		}
		items, err := readAll(page.Values, read)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if number >= page.pages() {
			return all, nil
		}
	}
	return nil, errors.New("the list does not end")
}

func readAll[T any](values []json.RawMessage, read func(json.RawMessage) (T, error)) ([]T, error) {
	items := make([]T, 0, len(values))
	for _, value := range values {
		item, err := read(value)
		if err != nil {
			return nil, fmt.Errorf("cannot read an entry of a list: %w", err)
		}
		items = append(items, item)
	}
	return items, nil
}

func readReference(raw json.RawMessage) (Reference, error) {
	var r Reference
	err := json.Unmarshal(raw, &r)
	return r, err
}

// plainName matches names that every release takes in a filter; some refuse commas, semicolons, blanks, plus signs or stars.
var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]*$`)

// nameFilters are the filters that find a name, to be tried in turn: the server keeps names in lower case, but not every release
// does. There are none for a name that only a look through the whole list can find.
func nameFilters(field, name string) []string {
	if !plainName.MatchString(name) {
		return nil
	}
	filters := []string{field + "==" + strings.ToLower(name)}
	if given := field + "==" + name; given != filters[0] {
		filters = append(filters, given)
	}
	return filters
}
