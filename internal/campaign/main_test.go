// SPDX-License-Identifier: MPL-2.0

// Package campaign_test plays whole histories with real Terraform against the mock platforms: one answer in five is
// lost or wrong, others write at the same time, and Terraform is interrupted and killed. Afterwards the platform has
// to be what the configuration says, and no one may have come to harm. A seed decides everything that this package
// can decide.
package campaign_test

import (
	"flag"
	"os"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
)

var (
	seeds     = flag.Int("seeds", 2, "how many histories to play on each platform")
	firstSeed = flag.Uint64("first", 1, "the seed of the first history")
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestCloudShell(t *testing.T) { playSeeds(t, newCloudShell) }

func TestCloudDirector(t *testing.T) { playSeeds(t, newCloudDirector) }

func playSeeds(t *testing.T, platform func(*testing.T, uint64) platform) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("needs TF_ACC=1")
	}
	counts := newTally()
	for i := range *seeds {
		seed := *firstSeed + uint64(i)
		t.Run(seedName(seed), func(t *testing.T) {
			newHistory(t, seed, platform(t, seed), counts).play()
		})
	}
	t.Logf("%d histories\n%s", *seeds, counts)
}

// TestFirstApply plays the first apply alone, in default settings and to its end: with one request in five going
// wrong it succeeds in nine of ten runs.
func TestFirstApply(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("needs TF_ACC=1")
	}
	for name, platform := range map[string]func(*testing.T, uint64) platform{
		"CloudShell": newCloudShell, "CloudDirector": newCloudDirector,
	} {
		t.Run(name, func(t *testing.T) {
			failed := 0
			for i := range *seeds {
				seed := *firstSeed + uint64(i)
				if output, ok := newHistory(t, seed, platform(t, seed), newTally()).firstApply(); !ok {
					failed++
					t.Logf("seed %d:\n%s", seed, lastLines(output))
				}
			}
			t.Logf("%d of %d first applies failed", failed, *seeds)
			if allowed := max(1, *seeds/10); failed > allowed {
				t.Errorf("%d of %d first applies failed, at most %d may", failed, *seeds, allowed)
			}
		})
	}
}
