// SPDX-License-Identifier: MPL-2.0

// Certificates of real servers, those that Samba makes among them, have negative serial numbers, which Go refuses to
// read by default.

//go:debug x509negativeserial=1

// Command terraform-provider-directory serves the Terraform provider "directory".
package main

import (
	"flag"
	"log"
	"os"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/external-directory/terraform-provider-directory/internal/provider"
)

// version is set by the linker: -ldflags "-X main.version=1.2.3".
var version = "dev"

// memoryLimit is in bytes; beyond it the collector runs as often as it must. Below it, it runs as often as Go has it,
// since memory counts for more than the time that a rarer run would save.
const memoryLimit = 1 << 30

func main() {
	debugMode := flag.Bool("debug", false, "serve for a debugger such as delve instead of being started by Terraform")
	flag.Parse()

	silenceUnusedLogs()
	limitMemory()

	var options []tf6server.ServeOpt
	if *debugMode {
		options = append(options, tf6server.WithManagedDebug())
	}
	server := func() tfprotov6.ProviderServer { return provider.NewServer(version) }
	if err := tf6server.Serve("registry.terraform.io/external-directory/directory", server, options...); err != nil {
		log.Fatal(err)
	}
}

// silenceUnusedLogs switches the loggers of the plugin framework off when no log is wanted. They would format
// every attribute at TRACE only to throw it away, which takes longer than everything else in a plan of many resources.
func silenceUnusedLogs() {
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "TF_LOG") && value != "" {
			return
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
		if err := os.Setenv(name, "off"); err != nil {
			log.Print(err)
		}
	}
}

// limitMemory leaves alone what the environment sets.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
