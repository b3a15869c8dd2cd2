// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

// ImportOptions modify an import.
type ImportOptions struct {
	// AllowUpdate lets the import refresh users that exist already. It is sent only when true, since releases before
	// 2024.1 may not know it.
	AllowUpdate bool
	// Timeout replaces the transport's limit for this request; 0 = no replacement. A group may take minutes.
	Timeout time.Duration
}

// ImportResult is what the server says it imported. The user's name need not be the one that was sent.
type ImportResult struct {
	Users  []User
	Errors []ImportError
}

// ImportUser imports one user of the directory by name. ErrExists and ErrNotFound where the server says so by its
// status; it may as well answer with an entry in ImportResult.Errors or without users. It is sent once: after
// transport.ErrAnswerLost, look whether the user has come.
func (c *Client) ImportUser(ctx context.Context, name string, options ImportOptions) (ImportResult, error) {
	return c.importBy(ctx, "UserName", name, options)
}

// ImportGroup imports the users of one group of the directory. It creates no CloudShell group. For the rest see
// ImportUser.
func (c *Client) ImportGroup(ctx context.Context, name string, options ImportOptions) (ImportResult, error) {
	return c.importBy(ctx, "GroupName", name, options)
}

func (c *Client) importBy(ctx context.Context, field, name string, options ImportOptions) (ImportResult, error) {
	if strings.TrimSpace(name) == "" {
		// Without a name the server would import all people of the directory.
		return ImportResult{}, errors.New("nothing can be imported by an empty name")
	}
	body := map[string]any{field: name}
	if options.AllowUpdate {
		body["AllowUpdate"] = true
	}
	defer c.users.Drop() // an import only adds to the list, and may take minutes: lists do not wait for it
	answer, err := c.write(ctx, write{method: http.MethodPost, path: importPath, body: body, timeout: options.Timeout})
	if err != nil {
		return ImportResult{}, err
	}
	var read struct {
		Users  many[User]
		Errors importErrors
	}
	if err := decode(http.MethodPost, importPath, answer, &read); err != nil {
		return ImportResult{}, err
	}
	return ImportResult{Users: read.Users, Errors: read.Errors}, nil
}
