// SPDX-License-Identifier: MPL-2.0

package tokenfile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/tokenfile"
)

// In a folder such as /tmp, a file of another user cannot be replaced, nor can its mode be changed. If it can be
// written, the next token is stored all the same: the one before is spent.
func TestFileOfAnotherUser(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root can act as two users")
	}
	path := write(t, "old\n")
	for name, mode := range map[string]os.FileMode{
		path: 0o666, filepath.Dir(path): 0o777 | os.ModeSticky, filepath.Dir(filepath.Dir(path)): 0o755,
	} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlock: the thread ends with its user id
		const another = 65534
		if err := syscall.Setfsuid(another); err != nil {
			done <- err
			return
		}
		done <- tokenfile.Use(t.Context(), path, wait, func(string) (string, error) { return "new", nil })
	}()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if content(t, path) != "new\n" {
		t.Errorf("%q", content(t, path))
	}
}
