// SPDX-License-Identifier: MPL-2.0

// Command mock runs mock platforms to try the provider with: an LDAP directory, and a CloudShell and a Cloud Director
// that import from it. All of them listen on loopback and keep their state in memory.
//
//	go run ./internal/mock                                 # serve until Ctrl-C; prints the configuration to use
//	go run ./internal/mock add-member "Lab Engineers" dchen   # change the directory of a running one
//	go run ./internal/mock help                            # all commands
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "mock:", err)
		os.Exit(1)
	}
}

// run serves, or sends a command to a mock that serves already.
func run(ctx context.Context, arguments []string, out io.Writer) error {
	if len(arguments) == 0 || strings.HasPrefix(arguments[0], "-") {
		return serve(ctx, arguments, out)
	}
	if arguments[0] == "help" {
		_, err := io.WriteString(out, usage())
		return err
	}
	return send(ctx, arguments, out)
}

func serve(ctx context.Context, arguments []string, out io.Writer) error {
	settings, err := parseSettings(arguments, out)
	if err != nil {
		return err
	}
	p, err := start(settings)
	if err != nil {
		return err
	}
	defer p.close()
	if settings.readyFile != "" {
		if err := writeWhole(settings.readyFile, p.environment()); err != nil {
			return err
		}
	}
	p.introduce(out)
	<-ctx.Done()
	_, err = fmt.Fprintln(out, "\nStopped.")
	return err
}

// writeWhole writes a file that others wait for: it is there with all it holds, or not at all.
func writeWhole(path, text string) error {
	half := path + ".part"
	if err := os.WriteFile(half, []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(half, path)
}
