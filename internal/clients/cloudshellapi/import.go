package cloudshellapi

import (
	"context"
	"encoding/json"
	"time"
)

// ImportOptions modify an import.
type ImportOptions struct {
	// AllowUpdate lets the import refresh users that exist already. It is sent only when true, since releases before
	// 2024.1 do not know it.
	AllowUpdate bool
	// Timeout replaces the transport's limit for this request; 0 = no replacement. A group may take minutes.
	Timeout time.Duration
}

// ImportResult is what the server says it imported. The user's name need not be the one that was sent.
type ImportResult struct {
	Users  []User
	Errors []ImportError
	// Partial is set by a status of 202 or by any entry in Errors.
	Partial bool
}

// ImportError is an entry of the answer's Errors, whose form is documented nowhere.
type ImportError struct{ Raw json.RawMessage }

// String is the entry in words a person can read.
func (e ImportError) String() string { panic("being built") }

// Username is the user that the entry is about, as far as it can be told; else "".
func (e ImportError) Username() string { panic("being built") }

// ImportUser imports one user of the directory by name. ErrExists and ErrNotFound where the server says so by its status;
// it may as well answer with an entry in ImportResult.Errors or without users.
func (c *Client) ImportUser(ctx context.Context, name string, options ImportOptions) (ImportResult, error) {
	panic("being built")
}

// ImportGroup imports the users of one group of the directory. It creates no CloudShell group.
func (c *Client) ImportGroup(ctx context.Context, name string, options ImportOptions) (ImportResult, error) {
	panic("being built")
}
