// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxPageSize is the largest page that either interface hands out.
const maxPageSize = 128

type reference struct {
	Name string `json:"name"`
	ID   string `json:"id"`
}

// json wraps a handler of CloudAPI: version, session, tenant context, rights and errors. An endpoint is not there below
// the version that introduced it.
func (s *Server) json(from version, writes bool,
	handle func(*caller, http.ResponseWriter, *http.Request) *fault) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := s.requested(r)
		if err != nil {
			writeJSONFault(w, s.version.String(), err)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		c, err := s.authenticate(r, v)
		if err == nil && !v.atLeast(from.major, from.minor) {
			err = notFound(r.URL.Path)
		}
		if err == nil && writes {
			err = c.mayWrite()
		}
		if err == nil {
			err = handle(c, w, r)
		}
		if err != nil {
			writeJSONFault(w, v.String(), err)
		}
	}
}

func writeJSON(w http.ResponseWriter, v version, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json;version="+v.String())
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

func writeJSONFault(w http.ResponseWriter, v string, f *fault) {
	w.Header().Set("Content-Type", "application/json;version="+v)
	w.WriteHeader(f.status)
	_ = json.NewEncoder(w).Encode(map[string]string{"minorErrorCode": f.code, "message": f.message, "stackTrace": ""})
}

// writePage cuts the page that a request asks for out of all items and writes it. page and pageSize are required by the
// contract.
func writePage[T any](s *Server, c *caller, w http.ResponseWriter, r *http.Request, items []T) *fault {
	query := r.URL.Query()
	if s.opts.PageOptional && !query.Has("page") {
		query.Set("page", "1")
	}
	page, err := strconv.Atoi(query.Get("page"))
	if err != nil || page < 1 {
		return badRequest("The query parameter page is required and starts at 1.")
	}
	size, err := strconv.Atoi(query.Get("pageSize"))
	if err != nil || size < 1 || size > maxPageSize {
		return badRequest("The query parameter pageSize is required and must be between 1 and %d.", maxPageSize)
	}
	told := size
	if s.opts.PageCap > 0 && s.opts.PageCap < size {
		size = s.opts.PageCap
	}
	if !s.opts.PageCapHidden {
		told = size
	}
	pages := (len(items) + size - 1) / size
	from, to := min((page-1)*size, len(items)), min(page*size, len(items))
	values := items[from:to]
	if values == nil {
		values = []T{}
	}
	if !s.opts.NoLinkHeader && page < pages {
		query.Set("page", strconv.Itoa(page+1))
		w.Header().Add("Link", fmt.Sprintf(`<%s%s?%s>;rel="nextPage";type="application/json"`, s.URL(), r.URL.Path,
			query.Encode()))
	}
	writeJSON(w, c.version, http.StatusOK, map[string]any{
		"resultTotal": len(items), "pageCount": (len(items) + told - 1) / told, "page": page, "pageSize": told,
		"associations": []any{}, "values": values,
	})
	return nil
}

// condition is one "field==value" or "field!=value" of a FIQL filter.
type condition struct {
	field, value string
	not          bool
}

// filter parses the FIQL of a request: conditions joined by ";" (and). Values may be encoded once more, with
// filterEncoded=true; some releases refuse special characters in them even so.
func (s *Server) filter(r *http.Request, fields ...string) ([]condition, *fault) {
	text := r.URL.Query().Get("filter")
	if text == "" {
		return nil, nil
	}
	var conditions []condition
	for part := range strings.SplitSeq(strings.Trim(text, "()"), ";") {
		field, value, ok := strings.Cut(part, "==")
		not := false
		if !ok {
			field, value, not = strings.Cut(part, "!=")
			if !not {
				return nil, badRequest("Bad filter expression %q.", part)
			}
		}
		if !slices.Contains(fields, field) {
			return nil, badRequest("The property %q cannot be searched for.", field)
		}
		if r.URL.Query().Get("filterEncoded") == "true" {
			decoded, err := url.QueryUnescape(value)
			if err != nil {
				return nil, badRequest("Bad encoding of the filter value %q.", value)
			}
			value = decoded
		}
		if !s.opts.AnyFilterValue && strings.ContainsAny(value, ",;+* ") {
			return nil, badRequest("The filter value %q contains special characters.", value)
		}
		conditions = append(conditions, condition{field: field, value: value, not: not})
	}
	return conditions, nil
}

// matches tells whether an item whose fields value reads satisfies all conditions.
func (s *Server) matches(conditions []condition, value func(field string) string) bool {
	for _, c := range conditions {
		equal := value(c.field) == c.value
		if s.opts.FilterFoldsCase {
			equal = sameFolded(value(c.field), c.value)
		}
		if equal == c.not {
			return false
		}
	}
	return true
}

// readStrict decodes a body as the real server's contract demands: known fields only, no null for a string. It also
// returns which fields were there.
func readStrict(r *http.Request, into any, nullable ...string) (map[string]json.RawMessage, *fault) {
	var raw map[string]json.RawMessage
	decoder := json.NewDecoder(r.Body)
	if err := decoder.Decode(&raw); err != nil {
		return nil, badRequest("The body is not a JSON object: %v", err)
	}
	for field, value := range raw {
		if string(value) == "null" && !slices.Contains(nullable, field) {
			return nil, badRequest("The property %q must not be null.", field)
		}
	}
	text, err := json.Marshal(raw)
	if err != nil {
		return nil, badRequest("%v", err)
	}
	strict := json.NewDecoder(strings.NewReader(string(text)))
	strict.DisallowUnknownFields()
	if err := strict.Decode(into); err != nil {
		return nil, badRequest("Unrecognized or ill-typed property: %v", err)
	}
	return raw, nil
}

func roleReferences(o *organization, names []string) []reference {
	references := []reference{}
	for _, name := range names {
		if r, ok := o.role(name); ok {
			references = append(references, reference{Name: name, ID: "urn:vcloud:role:" + r.uuid})
		}
	}
	return references
}

// roleNames resolves the roles of a body: known ones, exactly one except in VCF Automation.
func roleNames(c *caller, references []reference) ([]string, *fault) {
	if len(references) == 0 {
		return nil, badRequest("At least one role is required.")
	}
	if len(references) > 1 && !c.vcfa() {
		return nil, badRequest("Exactly one role is allowed.")
	}
	var names []string
	for _, ref := range references {
		uuid, ok := strings.CutPrefix(ref.ID, "urn:vcloud:role:")
		r, known := c.org.roleByUUID(uuid)
		if !ok || !known {
			return nil, refuse(http.StatusBadRequest, "INVALID_REFERENCE", "No role with the id %q in this organization.",
				ref.ID)
		}
		names = append(names, r.name)
	}
	return names, nil
}
