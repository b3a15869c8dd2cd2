// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
)

// object is a request body, a JSON object whose field names are all known.
type object map[string]json.RawMessage

// decodeObject reads a JSON object and refuses what the vendor's 400 may stand for: another content type, broken JSON,
// a field that is not known (names compare exactly, so that a misspelled one is found).
func decodeObject(r *http.Request, known ...string) (object, error) {
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil ||
		mediaType != "application/json" {
		return nil, fmt.Errorf("unsupported content type %q", r.Header.Get("Content-Type"))
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var fields object
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, fmt.Errorf("invalid JSON: %w", err)
	}
	if fields == nil {
		return nil, errors.New("the request body is null")
	}
	for name := range fields {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("unknown field %q", name)
		}
	}
	return fields, nil
}

// present tells whether the field was sent with a value other than null.
func (o object) present(name string) bool {
	raw, ok := o[name]
	return ok && !bytes.Equal(raw, []byte("null"))
}

// text reads a string field; one that is absent or null leaves the target alone.
func (o object) text(name string, target *string) error { return read(o, name, "a string", target) }

// boolean reads a field that is true or false; one that is absent or null leaves the target alone.
func (o object) boolean(name string, target *bool) error {
	return read(o, name, "true or false", target)
}

func read[T any](o object, name, kind string, target *T) error {
	if !o.present(name) {
		return nil
	}
	if err := json.Unmarshal(o[name], target); err != nil {
		return fmt.Errorf("field %q must be %s", name, kind)
	}
	return nil
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	encoded, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(encoded)))
	w.WriteHeader(status)
	_, _ = w.Write(encoded)
}

func answerText(w http.ResponseWriter, status int, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// fail answers an error in the form that the options chose.
func (s *Server) fail(w http.ResponseWriter, status int, message string) {
	switch s.options.ErrorBody {
	case ErrorBodyString:
		answerJSON(w, status, message)
	case ErrorBodyHTML:
		title := fmt.Sprintf("%d - %s", status, http.StatusText(status))
		answerText(w, status, "text/html; charset=utf-8", page(title, message))
	case ErrorBodyEmpty:
		w.WriteHeader(status)
	default:
		answerJSON(w, status, map[string]string{"Message": message})
	}
}

// page is a web page in the manner of IIS.
func page(title, text string) string {
	title, text = html.EscapeString(title), html.EscapeString(text)
	return "<!DOCTYPE html>\r\n<html><head><title>" + title + "</title><style>body{margin:0}</style></head>\r\n" +
		`<body><div id="content"><h2>` + title + "</h2><h3>" + text + "</h3></div></body></html>"
}

// importError is one entry of Errors in the form that the options chose.
func importError(shape ErrorShape, code int, username, message string) any {
	switch shape {
	case ErrorsObjects:
		return map[string]any{"Username": username, "ErrorMessage": message}
	case ErrorsNested:
		return map[string]any{
			"User":  map[string]any{"Username": username},
			"Error": map[string]any{"Code": code, "Message": message},
		}
	case ErrorsNameless:
		return map[string]any{"Message": message}
	default:
		return message
	}
}
