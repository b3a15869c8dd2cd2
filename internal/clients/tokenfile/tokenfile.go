// SPDX-License-Identifier: MPL-2.0

// Package tokenfile keeps a token that the server replaces at every use. The file is locked while the token is in use,
// so that two processes do not spend the same one, and the next token is stored in the form of the last.
package tokenfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const (
	// maxSize is far more than any token, in bytes.
	maxSize = 64 << 10
	// lockRetry is how often a lock that another process holds is tried again.
	lockRetry = 50 * time.Millisecond
	// private is the mode of a file that holds a secret.
	private = 0o600
)

// What can be asked of an error by errors.Is.
var (
	// ErrUnusable: the file cannot be read, cannot be rewritten, or holds no token. Nothing was exchanged.
	ErrUnusable = errors.New("the file of the token cannot be used")
	// ErrLocked: another process held the file for too long. Nothing was exchanged.
	ErrLocked = errors.New("another process has locked the file of the token")
	// ErrNotStored: the server replaced the token, and the next one could not be stored. Both are lost.
	ErrNotStored = errors.New("the server replaced the token, and the next one could not be stored")
)

// Use reads the token from a file, has it exchanged, and stores the next one where exchange returns one. Meanwhile no
// other process uses the file; one that already does is waited for. No error holds anything of the file but its path.
func Use(
	ctx context.Context,
	path string,
	wait time.Duration,
	exchange func(token string) (next string, err error),
) error {
	path, err := filepath.EvalSymlinks(path) // a link is to stay one
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	unlock, err := lock(ctx, path, wait)
	if err != nil {
		return err
	}
	defer unlock()

	if err := checkWritable(path); err != nil {
		return fmt.Errorf("%w: it must be writable, since the server may replace the token: %w", ErrUnusable, err)
	}
	text, err := read(path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	held, err := parse(text)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	next, err := exchange(held.token)
	if err != nil || next == "" || next == held.token {
		return err
	}
	text, err = held.with(next, time.Now())
	if err == nil {
		err = rewrite(path, text)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotStored, err)
	}
	return nil
}

// lock locks a file beside the one of the token: that one is replaced, and a lock would stay with what was there
// before.
func lock(ctx context.Context, path string, wait time.Duration) (unlock func(), err error) {
	lock := flock.New(path+".lock", flock.SetPermissions(private))
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	locked, err := lock.TryLockContext(waiting, lockRetry)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("%w for more than %s", ErrLocked, wait)
	case err != nil:
		return nil, fmt.Errorf("%w: it cannot be locked: %w", ErrUnusable, err)
	case !locked:
		return nil, ErrLocked
	}
	return func() { _ = lock.Unlock() }, nil
}

// checkWritable finds out, before a token is spent, whether the next one can be stored.
func checkWritable(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, private)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	scratch, err := os.CreateTemp(filepath.Dir(path), scratchPattern(path))
	if err != nil {
		return err
	}
	_ = scratch.Close()
	return os.Remove(scratch.Name())
}

func scratchPattern(path string) string { return filepath.Base(path) + ".*.tmp" }

func read(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	if err == nil && len(text) > maxSize {
		err = fmt.Errorf("it is larger than %d bytes", maxSize)
	}
	return string(text), err
}

// rewrite replaces the file at once, so that no reader and no crash sees half of it. Where the file cannot be replaced,
// such as one that is mounted by itself into a container, it is written in place: the next token exists nowhere else.
func rewrite(path, text string) error {
	scratch, err := os.CreateTemp(filepath.Dir(path), scratchPattern(path)) // mode 0600
	if err != nil {
		return writeInPlace(path, text)
	}
	err = fill(scratch, text)
	if err == nil {
		err = os.Rename(scratch.Name(), path)
	}
	if err == nil {
		return nil
	}
	_ = os.Remove(scratch.Name())
	return writeInPlace(path, text)
}

func writeInPlace(path, text string) error {
	// Without O_CREATE, with which Linux refuses files of others in a folder such as /tmp.
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, private)
	if err != nil {
		return err
	}
	if err := fill(file, text); err != nil {
		return err
	}
	_ = os.Chmod(path, private) // only its owner may; the token is stored in any case
	return nil
}

// fill writes the text to the file and to the disk, and closes the file.
func fill(file *os.File, text string) error {
	_, err := file.WriteString(text)
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}
