// SPDX-License-Identifier: MPL-2.0

package realdirectory

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// ErrNotInstalled says that a server's programs are missing, or that the test may not run them.
var ErrNotInstalled = errors.New("not installed")

// required is read before any test changes the environment.
var required = os.Getenv("CI") == "true" || os.Getenv("DIRECTORY_REQUIRE_SERVERS") == "1"

// Skip ends a test whose server could not be started: as a failure in CI or when DIRECTORY_REQUIRE_SERVERS=1, else as
// a skip that is hard to miss. An error other than ErrNotInstalled is a failure anywhere.
func Skip(t *testing.T, server string, err error) {
	t.Helper()
	if required || !errors.Is(err, ErrNotInstalled) {
		t.Fatalf("%s: %v", server, err)
	}
	fmt.Fprintf(os.Stderr, "\n*** SKIPPED: %s is not tested against %s: %v ***\n\n", t.Name(), server, err)
	t.Skipf("%s: %v", server, err)
}

// Server is a running directory server.
type Server struct {
	// URL is the plain address, SecureURL the ldaps:// one.
	URL, SecureURL string
	// IPv6URL is the plain address of [::1]; "" on a machine without IPv6.
	IPv6URL       string
	CACertificate string
	// ClientCertificate and ClientKey are what a server that demands a certificate trusts.
	ClientCertificate, ClientKey string
	BindDN                       string
	BindPassword                 string
	// ActiveDirectory says whether people and groups have Active Directory's schema.
	ActiveDirectory bool

	dir     string
	asRoot  []string // what makes the server's commands run as root
	process *exec.Cmd

	environment []string // of the process, besides this one's
	stdin       io.Closer
}

const bindPassword = "lab-Passw0rd1"

// newDir makes the folder that everything of a server lives in.
func newDir(name string) (string, error) {
	dir, err := os.MkdirTemp("", name+"-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}

// supervise runs "$2 ..." in the folder "$1" until its own standard input ends, and removes the folder. Ctrl-C reaches
// it too, and must not end it before that.
const supervise = `trap '' HUP INT QUIT
dir=$1; shift
"$@" >"$dir/output" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill "$server"; wait "$server"
rm -rf "$dir"`

// start runs the server under a shell. When this process is gone or [Server.Close] is called, the shell ends the server
// and removes its files.
func (s *Server) start(command ...string) error {
	args := slices.Concat(s.asRoot, []string{"sh", "-c", supervise, "sh", s.dir}, command)
	s.process = exec.Command(args[0], args[1:]...)
	s.process.Env = append(os.Environ(), s.environment...)
	stdin, err := s.process.StdinPipe()
	if err != nil {
		return err
	}
	s.stdin = stdin
	return s.process.Start()
}

// waitUntilListening returns once the address accepts connections.
func (s *Server) waitUntilListening(address string) error {
	deadline := time.Now().Add(60 * time.Second)
	for {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			return conn.Close()
		}
		if time.Now().After(deadline) {
			output, _ := os.ReadFile(filepath.Join(s.dir, "output"))
			s.Close()
			return fmt.Errorf("nothing listens at %s: %w\n%s", address, err, output)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Close ends the server and removes its files. The same happens when the test's process ends without Close.
func (s *Server) Close() {
	if s.process != nil && s.process.Process != nil {
		_ = s.stdin.Close()
		ended := time.AfterFunc(10*time.Second, func() { _ = s.process.Process.Kill() })
		_ = s.process.Wait() // a server that was told to end says so by its exit status
		ended.Stop()
		s.process = nil
	}
	_ = command("", slices.Concat(s.asRoot, []string{"rm", "-rf", s.dir})...)
}

// command runs a program of the server to its end.
func command(stdin string, args ...string) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin = strings.NewReader(stdin)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, output)
	}
	return nil
}

// program finds a program of the server, or ErrNotInstalled. Those for administrators are in folders that not
// every PATH has.
func program(name string) (string, error) {
	var err error
	for _, dir := range []string{"", "/usr/sbin/", "/usr/local/sbin/"} {
		var path string
		if path, err = exec.LookPath(dir + name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: %w", ErrNotInstalled, err)
}

// freePort is a port of the address that is free.
func freePort(address string) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
